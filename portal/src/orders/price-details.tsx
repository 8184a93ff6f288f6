import { formatMinorUnits } from '../parts/format';

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** How a line came to its price: whose it is, what is off it, which prices lost and why. Buyers get the first two. */
export function PriceDetails({
  decision,
  currency,
}: {
  readonly decision: unknown;
  readonly currency: string;
}) {
  const stored = fieldsOf(decision);
  const resolution = fieldsOf(stored['resolution']);
  const explanation = textOf(resolution['explanation']) ?? textOf(stored['explanation']);
  const promotions = fieldsOf(stored['promotions']);
  const given = listOf(promotions['given']);
  const refused = listOf(promotions['refused']);
  const candidates = listOf(resolution['candidates']).filter((one) => textOf(one['lost']) !== undefined);
  const override = fieldsOf(stored['override']);
  const note = textOf(override['note']);
  if (explanation === undefined && note === undefined && given.length === 0) return null;
  return (
    <details className="small price-why">
      <summary>Why</summary>
      {explanation !== undefined && <p>{explanation}</p>}
      {textOf(stored['why']) !== undefined && (
        <p>
          {textOf(stored['why'])}
          {note !== undefined && `: ${note}`}
        </p>
      )}
      {given.map((one) => (
        <p key={`${textOf(one['promotionId']) ?? ''}${textOf(one['name']) ?? ''}`}>
          {textOf(one['name'])}: {textOf(one['text'])},{' '}
          {formatMinorUnits(Number(one['amountMinor'] ?? 0), currency)} off
        </p>
      ))}
      {refused.length + candidates.length > 0 && (
        <ul>
          {refused.map((one) => (
            <li key={`${textOf(one['promotionId']) ?? ''}${textOf(one['reason']) ?? ''}`}>
              {textOf(one['name']) ?? 'Promotions'} not given: {textOf(one['reason'])}
            </li>
          ))}
          {candidates.map((one) => (
            <li key={textOf(one['priceId'])}>
              {textOf(one['unitPrice'])} {textOf(one['currency']) ?? ''} per {textOf(one['unit'])} from{' '}
              {textOf(one['tierFrom'])} ({textOf(one['from'])}) not taken: {textOf(one['lost'])}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
