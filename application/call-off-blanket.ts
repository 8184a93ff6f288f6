import type { Db, Tx } from '../db/connection';
import { addJob } from '../db/jobs';
import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequest } from '../domain/order/order-request';
import { isFinal } from '../domain/order/states';
import { compareDecimals, lineAmountMinor } from '../domain/shared/money';
import { fromBaseUnits } from '../domain/shared/quantity';
import { matchLine } from './match-lines';
import { lockOrder, type OrderLineRow, type OrderRow, readLines } from './order-record';
import type { ResolvedLine } from './resolve-lines';

export interface CalledOff {
  readonly blanketId: string | null;
  readonly lines: readonly ResolvedLine[];
  readonly holds: readonly HoldRequest[];
}

/**
 * Calls the lines of a release off the blanket order of the same number. The blanket order stays locked until the
 * release is written: what is called off follows from the releases' own lines, and two of them never take the same
 * remainder. A line that asks for more than remains is held and calls off nothing.
 */
export async function callOff(
  tx: Tx,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  currency: string,
): Promise<CalledOff> {
  if (request.type !== 'release') return { blanketId: null, lines, holds: [] };
  const blanket = await lockBlanket(tx, request);
  if (typeof blanket === 'string')
    return { blanketId: null, lines, holds: [holdOf(null, 'no-blanket', blanket)] };
  const blanketLines = await readLines(tx, blanket.id);
  const remaining = await readRemaining(tx, blanket.id);
  const holds: HoldRequest[] = [];
  const called = lines.map((line): ResolvedLine => {
    if (line.rejection) return line;
    const of = matchLine(blanketLines, { kinds: [], changeCode: '', line: line.request });
    if (!of || of.rejection_code !== null || of.item_id !== line.item?.itemId) {
      const text = `Line ${line.lineNumber} is not a line of the blanket order ${request.purchaseOrderNumber}: released, it ships beside it`;
      holds.push(holdOf(line.lineNumber, 'not-in-blanket', text));
      return line;
    }
    const left = remaining.get(of.id) ?? 0;
    if (line.baseUnits > left) {
      const inUnit = (base: number) =>
        fromBaseUnits(base, line.request.unit, { [line.request.unit]: line.unitFactor });
      const text = `Line ${line.lineNumber} calls off ${line.request.quantity} ${line.request.unit}, ${inUnit(Math.max(0, left))} of the blanket order remain: released, it ships beside it`;
      holds.push(holdOf(line.lineNumber, 'exceeds-blanket', text));
      return atBlanketPrice(line, of, currency);
    }
    remaining.set(of.id, left - line.baseUnits);
    return { ...atBlanketPrice(line, of, currency), blanketLineId: of.id };
  });
  return { blanketId: blanket.id, lines: called, holds };
}

/** What was agreed with the blanket order stands for its releases, as long as they are in its unit and basis. */
function atBlanketPrice(line: ResolvedLine, of: OrderLineRow, currency: string): ResolvedLine {
  if (of.unit_price === null || of.unit !== line.request.unit) return line;
  const asked = line.request.unitPrice;
  const sameBasis = line.priceBasis === of.price_basis;
  const isAgreed = asked === undefined || (sameBasis && compareDecimals(asked, of.unit_price) === 0);
  if (!isAgreed) return line;
  const unitPrice = of.unit_price.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return {
    ...line,
    unitPrice,
    priceBasis: of.price_basis,
    amountMinor: lineAmountMinor(line.request.quantity, unitPrice, currency, of.price_basis),
    priceDecision: { ...line.priceDecision, stands: 'blanket', why: 'the price of the blanket order' },
    holds: line.holds.filter((hold) => hold.type !== 'price'),
  };
}

async function lockBlanket(tx: Tx, request: OrderRequest): Promise<OrderRow | string> {
  const claim = (await tx('order_claim')
    .join('orders', 'orders.id', 'order_claim.order_id')
    .where({
      'order_claim.entity_id': request.entityId,
      'order_claim.customer_id': request.customerId,
      'order_claim.po_number': request.purchaseOrderNumber,
      'order_claim.usage': request.usage,
      'order_claim.release_number': '',
      'orders.type': 'blanket',
    })
    .first('orders.id')) as { id: string } | undefined;
  if (!claim) return `There is no blanket order ${request.purchaseOrderNumber} to call this release off`;
  const blanket = await lockOrder(tx, claim.id);
  if (isFinal(blanket.state))
    return `The blanket order ${request.purchaseOrderNumber} is ${blanket.state}: nothing can be called off it any more`;
  if (blanket.state === 'held')
    return `The blanket order ${request.purchaseOrderNumber} is itself on hold: nobody has agreed to it yet`;
  return blanket;
}

/** Base units of each of a blanket order's lines that no release has called off, by line id. The order is locked. */
export async function readRemaining(db: Db, blanketId: string): Promise<Map<string, number>> {
  const { rows } = await db.raw<{ rows: { id: string; remaining: number }[] }>(
    `select b.id, (b.ordered - b.cancelled - coalesce(sum(r.ordered - r.cancelled) filter (where r.rejection_code is null), 0))::bigint as remaining
     from order_line b left join order_line r on r.blanket_line_id = b.id
     where b.order_id = ? and b.rejection_code is null group by b.id`,
    [blanketId],
  );
  return new Map(rows.map((row) => [row.id, row.remaining]));
}

/** What of a blanket order's lines has left with its releases, in base units by line id. */
export async function readDelivered(db: Db, blanketId: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.raw<{ rows: { id: string; shipped: number }[] }>(
    `select b.id, coalesce(sum(r.shipped), 0)::bigint as shipped
     from order_line b left join order_line r on r.blanket_line_id = b.id where b.order_id = ? group by b.id`,
    [blanketId],
  );
  return new Map(rows.map((row) => [row.id, row.shipped]));
}

/**
 * Why a release's line cannot grow to that many base units; null where it can, or where it is not of a blanket. The
 * caller has locked the release and its blanket order.
 */
export async function whyBeyondBlanket(
  tx: Tx,
  order: OrderRow,
  line: OrderLineRow,
  baseUnits: number,
): Promise<string | null> {
  if (order.blanket_id === null || line.blanket_line_id === null) return null;
  const left = (await readRemaining(tx, order.blanket_id)).get(line.blanket_line_id) ?? 0;
  const more = baseUnits - (line.ordered - line.cancelled);
  if (more <= left) return null;
  const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  return `line ${line.line_number} would call off ${inUnit(more)} more, ${inUnit(Math.max(0, left))} of the blanket order remain`;
}

/** A release has come to its end: its blanket order may have come to its own. */
export async function wakeBlanket(tx: Tx, order: OrderRow): Promise<void> {
  if (order.blanket_id !== null)
    await addJob(tx, 'signal-order', { orderId: order.blanket_id }, { key: order.blanket_id });
}

function holdOf(lineNumber: number | null, code: string, text: string): HoldRequest {
  return { type: 'content', lineNumber, reason: { code, text } };
}
