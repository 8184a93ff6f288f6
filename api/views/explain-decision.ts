import { type UnfilledReason, unfilledWords } from '../../domain/allocation/constraints';

/** Stored outcomes come from rules of other rooms and older versions: everything is looked at before it is believed. */
type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function explainPrice(outcome: unknown): readonly string[] {
  return listOf(outcome).flatMap((line) => {
    const explanation = textOf(fieldsOf(line['resolution'])['explanation']) ?? textOf(line['explanation']);
    if (explanation === undefined) return [];
    const asked = textOf(line['purchaseOrderPrice']);
    const differs =
      line['agrees'] === false && asked !== undefined
        ? `; the order says ${asked}, beyond what is tolerated`
        : '';
    return [`Line ${String(line['line'])}: ${explanation}${differs}`];
  });
}

function explainAllocation(outcome: unknown): readonly string[] {
  const plan = fieldsOf(outcome);
  const said = textOf(plan['text']);
  if (said !== undefined) return [said];
  const taken = listOf(plan['allocations']).map(
    (a) => `Line ${String(a['lineNumber'])}: ${String(a['quantity'])} from ${String(a['nodeId'])}`,
  );
  const short = listOf(plan['shortages']).map(
    (s) =>
      `Line ${String(s['lineNumber'])}: ${String(s['quantity'])} short${s['reason'] === undefined ? '' : `, ${unfilledWords[s['reason'] as UnfilledReason] ?? JSON.stringify(s['reason'])}`}`,
  );
  const lost = listOf(plan['considered']).flatMap((node) =>
    node['taken'] === false && textOf(node['reason']) !== undefined
      ? [`${String(node['nodeId'])} not used: ${String(node['reason'])}`]
      : [],
  );
  return [...taken, ...short, ...lost];
}

function explainSubstitution(outcome: unknown): readonly string[] {
  return listOf(outcome).map((one) => {
    const why = one['because'] === 'superseded' ? 'has run out' : 'is short';
    const what = `Line ${String(one['line'])}: ${String(one['missing'])} of ${String(one['of'])} ${why}`;
    const by = `${String(one['by'])} (${String(one['rule'])})`;
    return Number(one['covers']) > 0
      ? `${what}, ${by} is supplied instead of ${String(one['covers'])}`
      : `${what}, ${by} does not cover it`;
  });
}

function explainValidation(outcome: unknown): readonly string[] {
  const remarks = listOf(outcome).flatMap((line) => {
    const rejection = textOf(fieldsOf(line['rejection'])['text']);
    const holds = listOf(line['holds']).map(
      (hold) => textOf(fieldsOf(hold['reason'])['text']) ?? String(hold['type']),
    );
    const name = `Line ${String(line['line'])}: `;
    return [...(rejection === undefined ? [] : [`rejected, ${rejection}`]), ...holds].map((text) =>
      text.startsWith(name) ? text : `${name}${text}`,
    );
  });
  return remarks.length > 0 ? remarks : ['Every line is valid'];
}

function explainCredit(outcome: unknown): string {
  const credit = fieldsOf(outcome);
  return (
    textOf(credit['text']) ??
    (credit['kind'] === 'within-limit' ? 'The order fits within the credit limit' : 'Credit was checked')
  );
}

/** A decision in a sentence, or one a point on lines of their own; its inputs and outcome are shown beside it. */
export function explainDecision(kind: string, outcome: unknown): string {
  const points = (lines: readonly string[], otherwise: string) =>
    lines.length > 0 ? lines.join('\n') : otherwise;
  switch (kind) {
    case 'price':
      return points(explainPrice(outcome), 'Prices were resolved');
    case 'allocation':
      return points(explainAllocation(outcome), 'Nothing was to be allocated');
    case 'validation':
      return points(explainValidation(outcome), 'Every line is valid');
    case 'substitution':
      return points(explainSubstitution(outcome), 'Nothing else was to be supplied');
    case 'credit':
      return explainCredit(outcome);
    default: {
      const fields = fieldsOf(outcome);
      const said = textOf(fields['text']) ?? textOf(fields['explanation']) ?? textOf(fields['reason']);
      const verb = textOf(fields['action']) ?? textOf(fields['kind']);
      return [verb?.replaceAll('-', ' '), said].filter((part) => part !== undefined).join(': ') || 'Decided';
    }
  }
}
