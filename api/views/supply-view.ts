import type { LineSupply } from '../../domain/order/line-supply';
import type { LineSupplyView } from '../contract/supply';

/** What a line says of being supplied by something else than was ordered. */
export function supplyView(
  supply: LineSupply | null,
  unitFactor: number,
  { ownStaff }: { readonly ownStaff: boolean },
): LineSupplyView | null {
  if (supply === null) return null;
  if (supply.kind === 'component')
    return {
      kind: 'component',
      of: supply.bundle,
      because: 'bundle',
      text: `component of bundle ${supply.bundle}, ${unitFactor} for each`,
      perOrderedUnit: unitFactor,
      rule: ownStaff ? `bundle/${supply.bundle} ${supply.version}` : null,
    };
  const why = supply.because === 'short' ? 'which is short' : 'which it replaces';
  return {
    kind: 'instead',
    of: supply.of,
    because: supply.because,
    text: `instead of ${supply.of}, ${why}`,
    perOrderedUnit: unitFactor,
    rule: ownStaff ? `${supply.rule} ${supply.version}` : null,
  };
}
