import type { Tx } from '../../db/connection';
import type { OrderRequestLine } from '../../domain/order/order-request';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import { callOffAnew, readRemaining } from '../order/call-off-blanket';
import { amountOf } from '../order/give-up-lines';
import { lineColumns } from '../order/order-columns';
import { type OrderLineRow, type OrderRow, waitingUnits } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';
import { atBlanketPrice } from '../pricing/blanket-price';
import { setPriceHolds } from '../pricing/override-line-price';
import { readHoldTypes } from '../rules/rules';
import { mustReject, sourcingHolds, whyShort } from '../sourcing/sourcing-outcome';
import { giveBackStock } from '../stock/take-stock';
import {
  type LineChangeContext,
  planForChange,
  readChangedFacts,
  resolveChangedLine,
} from './line-change-context';
import { done, type LineOutcome, refused } from './line-outcome';
import { takeForChange } from './replan-as-one';
import { keepValidation } from './validate-change';
import type { Wanted } from './wanted-change';

/**
 * New quantity, price or dates for a line, priced again: a smaller quantity may fall out of its tier. What is at the
 * warehouse or gone keeps the price it was confirmed at, and with it the line: an invoice may be out already, and a
 * price that somebody has yet to agree to must not be on the next.
 */
export async function replaceLine(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  wanted: Wanted,
): Promise<LineOutcome> {
  const { order } = context;
  const fixed = await fixedOf(tx, order, line);
  const cancels = wanted.quantity !== undefined && /^0*(\.0*)?$/.test(wanted.quantity);
  if (cancels) return deleteLine(tx, context, line, fixed);
  const priceStands = wanted.price ? whyPriceStands(order, line, fixed) : null;
  if (priceStands !== null) return refused(context, line, priceStands);
  const asked = requestOf(line, wanted);
  const facts = await readChangedFacts(tx, context, [asked]);
  const resolved = resolveChangedLine(context, facts, asked, line.line_number);
  const quantity = wanted.quantity ?? line.quantity;
  const unfit = whyUnfit(order, line, resolved, { fixed, quantity });
  if (unfit !== null) return refused(context, line, unfit);
  const called = await callOffAnew(tx, order, line, resolved);
  if (called.kind === 'beyond') return refused(context, line, called.text);
  const priced = called.of === null ? resolved : atBlanketPrice(resolved, called.of, pricingTerms(context));
  // What was cancelled before stays so unless a quantity is asked for.
  const cancelled = wanted.quantity === undefined ? line.cancelled : 0;
  const taken = await adjustReservation(tx, context, line, resolved, cancelled + fixed);
  if (taken.kind === 'short') return refused(context, line, taken.text);
  const { reserved } = taken;
  const waits = resolved.baseUnits - cancelled - fixed - reserved;
  const isCalledOff = line.blanket_line_id !== null && wanted.price === undefined;
  const isSet =
    (line.price_decision as { readonly stands?: unknown }).stands === 'override' &&
    wanted.price === undefined;
  const keepsPrice =
    fixed > 0 ||
    isCalledOff ||
    isSet ||
    order.type === 'sample' ||
    (wanted.price === undefined && wanted.quantity === undefined);
  const {
    order_id: _order,
    line_number: _number,
    blanket_line_id: _blanketLine,
    blanket_period: _period,
    periods: _periods,
    kept: _kept,
    parties: _parties,
    references_: _references,
    ...columns
  } = lineColumns(priced, order.id, reserved, {
    zone: context.customer.entity_time_zone,
    now: context.now,
  });
  const [row] = (await tx('order_line')
    .where({ id: line.id })
    .update({
      ...columns,
      ...(keepsPrice && standingPrice(line, resolved.baseUnits - cancelled, order.currency)),
      cancelled,
      // Nobody jumps the queue by a change: who waits by now comes first.
      ...(waits > waitingUnits(line) && { queued_at: context.now }),
      blanket_period: called.period,
      description: line.description,
    })
    .returning('*')) as OrderLineRow[];
  if (!keepsPrice) await renewPriceHold(tx, context, line, priced);
  else if (isSet) {
    const holds = await setPriceHolds(tx, order, line, resolved.baseUnits);
    await openHolds(tx, order.id, holds, await readHoldTypes(tx), context.now);
  }
  await keepValidation(tx, order, resolved, context.now);
  return done(context, row as OrderLineRow);
}

const goneText = (order: OrderRow, line: OrderLineRow, fixed: number) =>
  `${fromBaseUnits(fixed, line.unit, { [line.unit]: line.unit_factor })} of line ${line.line_number} are ${goneWords(order)}`;

/** Why no other price can be asked for a line; null: it can. */
function whyPriceStands(order: OrderRow, line: OrderLineRow, fixed: number): string | null {
  if (fixed > 0) return `${goneText(order, line, fixed)}, so its price can no longer be changed`;
  return order.type === 'sample' ? 'what a sample costs follows from what is agreed for samples' : null;
}

/** Why a line cannot become what was made of the change; null: it can. */
function whyUnfit(
  order: OrderRow,
  line: OrderLineRow,
  becomes: ResolvedLine,
  { fixed, quantity }: { readonly fixed: number; readonly quantity: string },
): string | null {
  if (becomes.rejection) return becomes.rejection.text;
  // A rule that came after the order: what is reserved is the old item, and stays it.
  if (becomes.supply !== null && becomes.item?.itemId !== line.item_id)
    return `line ${line.line_number} is ${line.item_id ?? ''}, which ${becomes.item?.itemId ?? ''} supersedes now: it can be deleted and ordered anew`;
  if (becomes.baseUnits < fixed) return `${goneText(order, line, fixed)}, so it cannot become ${quantity}`;
  return order.type === 'sample' && becomes.baseUnits > line.ordered - line.cancelled
    ? 'a sample does not grow by a change: order another one'
    : null;
}

const pricingTerms = ({ order, policy }: LineChangeContext) => ({ currency: order.currency, policy });

/** What of a line can no longer be undone: at the warehouse or gone; of a blanket order's what was called off. */
export async function fixedOf(tx: Tx, order: OrderRow, line: OrderLineRow): Promise<number> {
  if (order.type !== 'blanket') return line.released + line.shipped;
  const remaining = (await readRemaining(tx, order.id)).get(line.id) ?? 0;
  return line.ordered - line.cancelled - remaining;
}

const goneWords = ({ type }: OrderRow) =>
  type === 'blanket' ? 'called off by releases' : 'at the warehouse or gone';

/** The line as it would have been ordered with the change in it. */
export function requestOf(line: OrderLineRow, wanted: Wanted): OrderRequestLine {
  const price = wanted.price?.unitPrice ?? line.requested_price;
  const basisCode = wanted.price ? wanted.price.basisCode : line.price_basis_code;
  return {
    productIds: line.product_ids,
    // What was rounded up is rounded anew from what was ordered.
    quantity: wanted.quantity ?? line.requested_quantity ?? line.quantity,
    unit: line.unit,
    dates: wanted.dates ?? line.dates,
    references: [],
    ...(line.buyer_line_number !== null && { buyerLineNumber: line.buyer_line_number }),
    ...(price !== null && { unitPrice: price }),
    ...(basisCode !== null && { priceBasisCode: basisCode }),
  };
}

function standingPrice(line: OrderLineRow, baseUnits: number, currency: string): Record<string, unknown> {
  return {
    requested_price: line.requested_price,
    price_basis_code: line.price_basis_code,
    price_basis: line.price_basis,
    unit_price: line.unit_price,
    price_decision: JSON.stringify(line.price_decision),
    amount_minor: amountOf(line, baseUnits, currency),
  };
}

async function renewPriceHold(
  tx: Tx,
  { order, now }: LineChangeContext,
  line: OrderLineRow,
  resolved: ResolvedLine,
): Promise<void> {
  await ownOpenHolds(tx, order.id).where({ line_number: line.line_number, type: 'price' }).update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: 'the line was changed',
  });
  await openHolds(tx, order.id, resolved.holds, await readHoldTypes(tx), now);
}

async function deleteLine(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  fixed: number,
): Promise<LineOutcome> {
  const { order, now } = context;
  if (fixed > 0) return refused(context, line, `line ${line.line_number} is ${goneWords(order)}`);
  await giveBackStock(tx, order, line.id, line.reserved);
  const [row] = (await tx('order_line')
    .where({ id: line.id })
    .update({ reserved: 0, cancelled: line.ordered, amount_minor: 0 })
    .returning('*')) as OrderLineRow[];
  await ownOpenHolds(tx, order.id).where({ line_number: line.line_number }).update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: 'the line was deleted',
  });
  return done(context, row as OrderLineRow);
}

/**
 * Brings a line's reservation to what it now needs.
 * @param settled base units of it that are cancelled, at the warehouse or gone
 * @returns base units reserved afterwards; or why it is short where it may not wait
 */
async function adjustReservation(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  resolved: ResolvedLine,
  settled: number,
): Promise<
  { readonly kind: 'reserved'; readonly reserved: number } | { readonly kind: 'short'; readonly text: string }
> {
  const { order, policy, now } = context;
  const needed = resolved.baseUnits - settled;
  if (needed <= line.reserved) {
    const given = await giveBackStock(tx, order, line.id, line.reserved - needed);
    return { kind: 'reserved', reserved: line.reserved - given };
  }
  if (line.item_id === null) return { kind: 'reserved', reserved: 0 };
  const demand = {
    lineNumber: line.line_number,
    itemId: line.item_id,
    quantity: needed - line.reserved,
    multiple: line.unit_factor,
  };
  const plan = await planForChange(tx, context, [demand], [resolved]);
  const item = (await tx('item').where({ id: line.item_id }).first('backorderable')) as {
    backorderable: boolean;
  };
  const short = plan.shortages.find(
    (one) => mustReject(one, policy) || !(policy.backorder && item.backorderable),
  );
  if (short) return { kind: 'short', text: whyShort(short) };
  await takeForChange(tx, order, plan, new Map([[line.line_number, line.id]]), now);
  await openHolds(tx, order.id, sourcingHolds(plan, policy), await readHoldTypes(tx), now);
  return {
    kind: 'reserved',
    reserved: line.reserved + plan.allocations.reduce((sum, a) => sum + a.quantity, 0),
  };
}
