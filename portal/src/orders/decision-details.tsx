import { formatMinorUnits, inWords } from '../parts/format';

interface DecisionData {
  readonly rule?: unknown;
  readonly ruleVersion?: unknown;
  readonly inputs?: unknown;
  readonly outcome?: unknown;
}

/** As one reckons: what there is, what is used, what is left, what is wanted, what is too much. */
const amountOrder = ['limitMinor', 'exposureMinor', 'headroomMinor', 'orderMinor', 'overMinor'];

/** The amounts of an outcome, such as exposure, limit and headroom of a credit decision. */
function amountsOf(outcome: unknown, currency: string): readonly (readonly [string, string])[] {
  if (typeof outcome !== 'object' || outcome === null || Array.isArray(outcome)) return [];
  const place = (name: string) =>
    amountOrder.includes(name) ? amountOrder.indexOf(name) : amountOrder.length;
  const entries = Object.entries(outcome).toSorted(([a], [b]) => place(a) - place(b));
  return entries.flatMap(([name, value]) =>
    name.endsWith('Minor') && typeof value === 'number'
      ? [
          [
            inWords(
              name
                .slice(0, -5)
                .replaceAll(/([A-Z])/g, ' $1')
                .toLowerCase(),
            ),
            formatMinorUnits(value, currency),
          ] as const,
        ]
      : [],
  );
}

/** Why it was decided so: the amounts weighed, and on demand everything that went in and came out. */
export function DecisionDetails({ data, currency }: { readonly data: unknown; readonly currency: string }) {
  const decision = (data ?? {}) as DecisionData;
  const amounts = amountsOf(decision.outcome, currency);
  return (
    <>
      {amounts.length > 0 && (
        <dl className="facts small" style={{ marginTop: '0.4rem' }}>
          {amounts.map(([name, amount]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{amount}</dd>
            </div>
          ))}
        </dl>
      )}
      <details>
        <summary>
          Rule {String(decision.rule)} ({String(decision.ruleVersion)}): what went in, what came out
        </summary>
        <pre className="data" tabIndex={0}>
          {JSON.stringify({ inputs: decision.inputs, outcome: decision.outcome }, null, 2)}
        </pre>
      </details>
    </>
  );
}
