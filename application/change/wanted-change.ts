import type { Tx } from '../../db/connection';
import type { OrderChangeLine, OrderRequestLine } from '../../domain/order/order-request';
import { priceBasisDivisor } from '../../domain/pricing/compare-price';
import { pricedOn } from '../../domain/pricing/price-date';
import { compareDecimals } from '../../domain/shared/money';
import type { OrderLineRow } from '../order/order-record';
import { readLineFacts } from '../order/resolve-lines';
import type { LineChangeContext } from './line-change-context';

export interface Wanted {
  readonly quantity?: string;
  readonly price?: { readonly unitPrice: string; readonly basisCode: string | null };
  readonly dates?: OrderRequestLine['dates'];
}

/** What of a line a change asks for otherwise than it is. */
export function wantedOf({ kinds, line }: OrderChangeLine, existing: OrderLineRow): Wanted {
  const asks = (kind: OrderChangeLine['kinds'][number]) => kinds.includes(kind) || kinds.includes('replace');
  const { unitPrice } = line;
  // A price that differs is asked for whatever the code of the change says: it is what the buyer means to pay. The
  // buyer's own one of old, where ours was confirmed instead, is only repeated, unless the price is what is changed.
  const standing = kinds.includes('price')
    ? [existing.unit_price]
    : [existing.unit_price, existing.requested_price];
  const pricedAnew = unitPrice !== undefined && !isAmong(standing, line, unitPrice, existing);
  return {
    ...(asks('quantity') && { quantity: line.quantity }),
    ...(pricedAnew && {
      price: { unitPrice, basisCode: line.priceBasisCode ?? existing.price_basis_code },
    }),
    ...(asks('dates') && { dates: line.dates }),
  };
}

function isAmong(
  standing: readonly (string | null)[],
  line: OrderRequestLine,
  unitPrice: string,
  existing: OrderLineRow,
): boolean {
  const basis =
    line.priceBasisCode === undefined ? existing.price_basis : priceBasisDivisor(line.priceBasisCode);
  return (
    basis === existing.price_basis &&
    standing.some((price) => price !== null && compareDecimals(price, unitPrice) === 0)
  );
}

/**
 * A line does not turn into another one: its item stays, and its unit, which quantity and price are counted in.
 * @returns why the change does not fit the line; null where it does
 */
export async function findMisfit(
  tx: Tx,
  { order, customer, change }: LineChangeContext,
  line: OrderLineRow,
): Promise<string | null> {
  const { productIds, unit } = change.line;
  const counts = change.kinds.some((kind) => kind === 'quantity' || kind === 'price' || kind === 'replace');
  if (counts && unit !== '' && unit !== line.unit)
    return `line ${line.line_number} is ordered in ${line.unit}, the change is in ${unit}: delete the line and add it in the other unit`;
  if (productIds.length === 0) return null;
  const { itemOf } = await readLineFacts(tx, customer, [change.line], {
    date: pricedOn(order),
    orderId: order.id,
  });
  const named = productIds.map(itemOf).filter((item) => item !== undefined);
  const isOwn = productIds.some((id) =>
    line.product_ids.some((own) => own.qualifier === id.qualifier && own.value === id.value),
  );
  const isAnother = named.some((item) => item !== line.item_id && item !== orderedItem(line));
  if (!isAnother && (isOwn || named.length > 0)) return null;
  const ids = productIds.map((id) => `${id.qualifier} ${id.value}`).join(', ');
  return `line ${line.line_number} is ${line.item_id ?? 'of no known item'}, the change names ${ids}: delete the line and add the other item`;
}

/** The number that was ordered, where something else is supplied. */
const orderedItem = ({ supply }: OrderLineRow) =>
  supply === null ? null : supply.kind === 'component' ? supply.bundle : supply.of;
