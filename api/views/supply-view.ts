import type { LineSupply } from '../../domain/order/line-supply';
import type { LineSupplyView } from '../contract/supply';

const reasons = { short: 'which is short', superseded: 'which it replaces' } as const;

/** What a line says of being supplied by something else than was ordered. */
export function supplyView(
  supply: LineSupply | null,
  unitFactor: number,
  { ownStaff }: { readonly ownStaff: boolean },
): LineSupplyView | null {
  if (supply === null) return null;
  if (supply.kind === 'component') {
    const { instead } = supply;
    const made = instead === undefined ? '' : `, instead of ${instead.of}, ${reasons[instead.because]}`;
    const rules = [`bundle/${supply.bundle} ${supply.version}`];
    if (instead !== undefined) rules.push(`${instead.rule} ${instead.version}`);
    return {
      kind: 'component',
      of: supply.bundle,
      because: 'bundle',
      text: `component of bundle ${supply.bundle}, ${unitFactor} for each${made}`,
      perOrderedUnit: unitFactor,
      rule: ownStaff ? rules.join(', ') : null,
    };
  }
  return {
    kind: 'instead',
    of: supply.of,
    because: supply.because,
    text: `instead of ${supply.of}, ${reasons[supply.because]}`,
    perOrderedUnit: unitFactor,
    rule: ownStaff ? `${supply.rule} ${supply.version}` : null,
  };
}
