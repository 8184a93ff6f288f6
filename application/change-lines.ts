import type { Tx } from '../db/connection';
import type { AllocationPlan, Demand } from '../domain/allocation/allocate';
import type { ModificationLevel, ModificationType } from '../domain/order/modification-matrix';
import type { OrderChangeLine, OrderRequestLine } from '../domain/order/order-request';
import { compareDecimals } from '../domain/shared/money';
import { fromBaseUnits } from '../domain/shared/quantity';
import { callOffAnew, readRemaining } from './call-off-blanket';
import { changeSupplied } from './change-supplied';
import type { CustomerPolicy } from './customer-policy';
import type { CustomerRow } from './customer-record';
import { amountOf } from './give-up-lines';
import {
  askedOf,
  type ChangeRules,
  ignoredText,
  levelOf,
  lineStatus,
  orderStatus,
  refusalText,
} from './judge-modification';
import { done, type LineOutcome, refused, unknownLine } from './line-outcome';
import { openHolds, ownOpenHolds } from './open-holds';
import { headNumber, type OrderLineRow, type OrderRow, readLines } from './order-record';
import { orderToSource } from './order-to-source';
import { overrideLinePrice } from './override-line-price';
import { type ResolvedLine, readLineFacts, resolveLines } from './resolve-lines';
import { readHoldTypes } from './rules';
import { giveBackStock, planStock, takeStock } from './take-stock';
import { checksOf, keepValidation, type ValidatedLine, validateChangedLine } from './validate-change';
import { roundUpLines } from './validation-in-force';
import { findMisfit, type Wanted, wantedOf } from './wanted-change';
import { lineColumns } from './write-order';

export interface LineChangeContext {
  readonly order: OrderRow;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly rules: ChangeRules;
  /** All lines of the order. */
  readonly lines: readonly OrderLineRow[];
  readonly existing: OrderLineRow | undefined;
  /** All parts of the line, where it goes to several places and `existing` is one of them. */
  readonly parts?: readonly OrderLineRow[];
  readonly change: OrderChangeLine;
  readonly now: string;
}

/** One POC: added, deleted, or its quantity, price and dates replaced. The caller holds the account's and the stock's locks. */
export async function applyLineChange(tx: Tx, context: LineChangeContext): Promise<LineOutcome> {
  const { change, existing, parts = [] } = context;
  if (change.kinds.includes('add')) return addLine(tx, context);
  if (!existing)
    return refused(
      context,
      unknownLine(context),
      `the order has no line ${change.line.buyerLineNumber ?? change.line.productIds.map((id) => id.value).join(' ')}`,
    );
  if (existing.rejection_code !== null)
    return refused(context, existing, `line ${existing.line_number} was rejected before`);
  if (existing.ordered > 0 && existing.cancelled === existing.ordered)
    return refused(context, existing, `line ${existing.line_number} was cancelled before`);
  if (change.override) return overrideLinePrice(tx, context, existing, change.override);
  const misfit = await findMisfit(tx, context, existing);
  if (misfit !== null) return refused(context, existing, misfit);
  if (parts.some(({ supply }) => supply !== null) && !change.kinds.includes('delete'))
    return changeSupplied(tx, context, existing, wantedOf(change, existing));
  const level = levelOf(existing, parts.length);
  if (level === 'schedule' && !change.kinds.includes('delete')) return changePart(context, existing);
  const ruled = byRule(context, existing, level);
  if (ruled.refusal !== null) return refused(context, existing, ruled.refusal);
  if (change.kinds.includes('delete')) return replaceLine(tx, context, existing, { quantity: '0' });
  const wanted = without(wantedOf(change, existing), ruled.ignored);
  if (ruled.text !== '' && Object.keys(wanted).length === 0)
    return { ...done(context, existing), text: ruled.text };
  if (Object.keys(wanted).length > 0) {
    const outcome = await replaceLine(tx, context, existing, wanted);
    return ruled.text === '' ? outcome : { ...outcome, text: joined(outcome.text, ruled.text) };
  }
  // Listed for completeness (NC), or at the price that it has.
  if (change.changeCode === 'NC' || change.kinds.includes('price')) return done(context, existing);
  return refused(context, existing, `a change of kind ${change.changeCode} has no rule`);
}

const joined = (...texts: readonly string[]) => texts.filter((text) => text !== '').join('; ');

/** What the table of what may be changed says of a line: why not, or what of it is passed over. */
function byRule(
  { order, change, rules }: LineChangeContext,
  line: OrderLineRow,
  level: ModificationLevel,
): { readonly refusal: string | null; readonly ignored: readonly ModificationType[]; readonly text: string } {
  const status = lineStatus(order, line);
  const judged = askedOf(change, line).map((type) => ({ type, by: rules.judge(type, level, status) }));
  const forbidden = judged.filter(({ by }) => by.verdict === 'disallow');
  const ignored = judged.filter(({ by }) => by.verdict === 'ignore');
  return {
    refusal:
      forbidden.length === 0
        ? null
        : joined(
            ...forbidden.map(({ type, by }) => refusalText(type, status, `line ${line.line_number}`, by)),
          ),
    ignored: ignored.map(({ type }) => type),
    text: joined(...ignored.map(({ type, by }) => ignoredText(type, by))),
  };
}

const ofDates: readonly ModificationType[] = ['requested-date', 'ship-not-before', 'cancel-after'];

function without(wanted: Wanted, ignored: readonly ModificationType[]): Wanted {
  const { quantity, price, dates } = wanted;
  const ignores = (...types: readonly ModificationType[]) => types.some((type) => ignored.includes(type));
  return {
    ...(quantity !== undefined && !ignores('quantity-up', 'quantity-down') && { quantity }),
    ...(price !== undefined && !ignores('price') && { price }),
    ...(dates !== undefined && !ignores(...ofDates) && { dates }),
  };
}

/**
 * A line that goes to several places, or comes in several deliveries, is deleted as a whole or stays as it is: what a
 * new quantity would mean for each of them, and for what is on its way, only the buyer knows.
 */
function changePart(context: LineChangeContext, part: OrderLineRow): LineOutcome {
  const { change, parts = [part] } = context;
  const { destinations = [], schedules = [], unitPrice } = change.line;
  const samePrice =
    unitPrice === undefined ||
    (part.unit_price !== null && compareDecimals(unitPrice, part.unit_price) === 0);
  const asked =
    part.destination === null
      ? schedules.find(({ dates }) => JSON.stringify(dates) === JSON.stringify(part.dates))
      : destinations.find(({ id }) => id === part.destination?.party.id);
  const samePart =
    destinations.length + schedules.length === parts.length &&
    asked !== undefined &&
    compareDecimals(asked.quantity, part.quantity) === 0;
  if (samePrice && (samePart || change.changeCode === 'NC')) return done(context, part);
  const number = part.buyer_line_number ?? String(headNumber(part));
  return refused(
    context,
    part,
    `line ${number} ${part.destination === null ? 'comes in' : 'goes to'} ${parts.length} ${part.destination === null ? 'deliveries' : 'locations'}: it can be deleted as a whole and ordered anew, not changed`,
  );
}

async function resolve(
  tx: Tx,
  { order, customer, policy, now }: LineChangeContext,
  line: OrderRequestLine,
  lineNumber: number,
): Promise<ValidatedLine> {
  const terms = { policy, currency: order.currency, date: order.po_date };
  const facts = await readLineFacts(tx, customer, [line], { date: terms.date, orderId: order.id });
  const resolveAs = (asked: OrderRequestLine) => resolveLines([{ line: asked, lineNumber }], facts, terms);
  const [resolved] = roundUpLines(checksOf(order, customer), resolveAs(line), ([quantity = line.quantity]) =>
    resolveAs({ ...line, quantity }),
  );
  return validateChangedLine(order, customer, resolved as ResolvedLine, now);
}

/** Why a line is to be ordered by itself instead of being added; null where it can be added. */
function whySeparately({ order, change }: LineChangeContext): string | null {
  if (change.line.destinations !== undefined || change.line.schedules !== undefined)
    return 'a line for several locations or deliveries cannot be added: send it as an order of its own';
  if (order.blanket_id !== null)
    return 'a line cannot be added to a release: call it off the blanket order with another one';
  if (order.type === 'sample') return 'nothing can be added to a sample: order another one';
  return null;
}

async function addLine(tx: Tx, context: LineChangeContext): Promise<LineOutcome> {
  const { order, policy, change, now } = context;
  if (context.existing && change.line.buyerLineNumber !== undefined)
    return refused(context, context.existing, `line ${change.line.buyerLineNumber} is there already`);
  const status = orderStatus(order, context.lines);
  const judged = context.rules.judge('add-line', 'header', status);
  if (judged.verdict === 'disallow' || judged.verdict === 'ignore')
    return refused(context, unknownLine(context), refusalText('add-line', status, 'the order', judged));
  const separately = whySeparately(context);
  if (separately !== null) return refused(context, unknownLine(context), separately);
  const lineNumber = Math.max(0, ...(await readLines(tx, order.id)).map((line) => line.line_number)) + 1;
  const resolved = await resolve(tx, context, change.line, lineNumber);
  if (resolved.rejection || !resolved.item) {
    const text = resolved.rejection?.text ?? resolved.holds[0]?.reason.text ?? 'the line cannot be added';
    return {
      ...refused(context, unknownLine(context), text),
      statuses: [{ code: resolved.rejection?.code ?? 'IR', quantity: change.line.quantity }],
    };
  }
  const plan = await planFor(tx, context, [
    {
      lineNumber,
      itemId: resolved.item.itemId,
      quantity: resolved.baseUnits,
      multiple: resolved.unitFactor,
    },
  ]);
  if (plan.shortages.length > 0 && !(policy.backorder && resolved.item.backorderable)) {
    return refused(
      context,
      unknownLine(context),
      `${resolved.item.itemId} is short and may not be backordered`,
    );
  }
  const reserved = plan.allocations.reduce((sum, a) => sum + a.quantity, 0);
  const [row] = (await tx('order_line')
    .insert(
      lineColumns(resolved, order.id, reserved, {
        zone: context.customer.entity_time_zone,
        now: context.now,
      }),
    )
    .returning('*')) as OrderLineRow[];
  const line = row as OrderLineRow;
  await takeStock(tx, order, plan, new Map([[lineNumber, line.id]]));
  await openHolds(tx, order.id, resolved.holds, await readHoldTypes(tx), now);
  await keepValidation(tx, order, resolved, now);
  return done(context, line);
}

/**
 * New quantity, price or dates for a line, priced again: a smaller quantity may fall out of its tier. What is at the
 * warehouse or gone keeps the price it was confirmed at, and with it the line: an invoice may be out already, and a
 * price that somebody has yet to agree to must not be on the next.
 */
async function replaceLine(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  wanted: Wanted,
): Promise<LineOutcome> {
  const { order } = context;
  const fixed = await fixedOf(tx, order, line);
  const cancels = wanted.quantity !== undefined && /^0*(\.0*)?$/.test(wanted.quantity);
  if (cancels) return deleteLine(tx, context, line, fixed);
  const gone = `${fromBaseUnits(fixed, line.unit, { [line.unit]: line.unit_factor })} of line ${line.line_number} are ${goneWords(order)}`;
  if (wanted.price && fixed > 0)
    return refused(context, line, `${gone}, so its price can no longer be changed`);
  const resolved = await resolve(tx, context, requestOf(line, wanted), line.line_number);
  if (resolved.rejection) return refused(context, line, resolved.rejection.text);
  // A rule that came after the order: what is reserved is the old item, and stays it.
  if (resolved.supply !== null && resolved.item?.itemId !== line.item_id)
    return refused(
      context,
      line,
      `line ${line.line_number} is ${line.item_id ?? ''}, which ${resolved.item?.itemId ?? ''} supersedes now: it can be deleted and ordered anew`,
    );
  if (resolved.baseUnits < fixed)
    return refused(context, line, `${gone}, so it cannot become ${wanted.quantity ?? line.quantity}`);
  if (order.type === 'sample' && resolved.baseUnits > line.ordered - line.cancelled)
    return refused(context, line, 'a sample does not grow by a change: order another one');
  const called = await callOffAnew(tx, order, line, resolved);
  if (called.kind === 'beyond') return refused(context, line, called.text);
  // What was cancelled before stays so unless a quantity is asked for.
  const cancelled = wanted.quantity === undefined ? line.cancelled : 0;
  const reserved = await adjustReservation(tx, context, line, resolved.baseUnits - cancelled - fixed);
  if (reserved === null)
    return refused(context, line, `${line.item_id ?? ''} is short and may not be backordered`);
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
  } = lineColumns(resolved, order.id, reserved, {
    zone: context.customer.entity_time_zone,
    now: context.now,
  });
  const [row] = (await tx('order_line')
    .where({ id: line.id })
    .update({
      ...columns,
      ...(keepsPrice && standingPrice(line, resolved.baseUnits - cancelled, order.currency)),
      cancelled,
      blanket_period: called.period,
      description: line.description,
    })
    .returning('*')) as OrderLineRow[];
  if (!keepsPrice) await renewPriceHold(tx, context, line, resolved);
  await keepValidation(tx, order, resolved, context.now);
  return done(context, row as OrderLineRow);
}

/** What of a line can no longer be undone: at the warehouse or gone; of a blanket order's what was called off. */
export async function fixedOf(tx: Tx, order: OrderRow, line: OrderLineRow): Promise<number> {
  if (order.type !== 'blanket') return line.released + line.shipped;
  const remaining = (await readRemaining(tx, order.id)).get(line.id) ?? 0;
  return line.ordered - line.cancelled - remaining;
}

const goneWords = ({ type }: OrderRow) =>
  type === 'blanket' ? 'called off by releases' : 'at the warehouse or gone';

/** The line as it would have been ordered with the change in it. */
function requestOf(line: OrderLineRow, wanted: Wanted): OrderRequestLine {
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
 * @returns base units reserved afterwards; null where it is short and may not wait
 */
async function adjustReservation(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  needed: number,
): Promise<number | null> {
  const { order, policy } = context;
  if (needed <= line.reserved)
    return line.reserved - (await giveBackStock(tx, order, line.id, line.reserved - needed));
  if (line.item_id === null) return 0;
  const missing = needed - line.reserved;
  const plan = await planFor(tx, context, [
    {
      lineNumber: line.line_number,
      itemId: line.item_id,
      quantity: missing,
      multiple: line.unit_factor,
    },
  ]);
  const item = (await tx('item').where({ id: line.item_id }).first('backorderable')) as {
    backorderable: boolean;
  };
  if (plan.shortages.length > 0 && !(policy.backorder && item.backorderable)) return null;
  await takeStock(tx, order, plan, new Map([[line.line_number, line.id]]));
  return line.reserved + plan.allocations.reduce((sum, a) => sum + a.quantity, 0);
}

/** Stock for more of an order; a blanket order takes none, whatever it asks for. */
async function planFor(
  tx: Tx,
  { order, policy, existing, now }: LineChangeContext,
  demands: readonly Demand[],
): Promise<AllocationPlan> {
  if (order.type === 'blanket') return { allocations: [], shortages: [], considered: [] };
  return planStock(tx, demands, {
    usage: order.usage,
    order: orderToSource(order, policy, existing ? [existing] : []),
    customerId: order.customer_id,
    channel: order.channel,
    waitingOrderId: null,
    now,
  });
}
