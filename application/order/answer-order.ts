import { z } from 'zod';
import type { Tx } from '../../db/connection';
import { addDocument } from '../../db/repositories/document-requests';
import { WriteTogether } from '../../db/repositories/write-together';
import type { OrderCharge } from '../../domain/invoicing/bill-shipment';
import type { AnswerHeader, AnswerLine, LineStatus, OrderAnswer } from '../../domain/order/answers';
import { isStepBlocked } from '../../domain/order/hold-scope';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import { isFinal } from '../../domain/order/states';
import { localDateIn } from '../../domain/shared/dates';
import { compareDecimals } from '../../domain/shared/money';
import { fromBaseUnits, sumQuantities } from '../../domain/shared/quantity';
import { keepToldPromises, promiseLines } from '../backorder/promise-lines';
import { livingLines, readStandingHolds } from '../hold/open-holds';
import { addEvents } from '../record/keep-history';
import { joinStatuses, partsByLine } from './line-parts';
import {
  headNumber,
  lockOrder,
  type OrderLineRow,
  type OrderPatch,
  type OrderRow,
  readLines,
  type ShipmentRow,
  saveOrder,
} from './order-record';
import { asOrdered } from './ordered-lines';

/** Written by place-order from a validated request; only its outline is checked again when it is read back. */
const storedRequestSchema = z.custom<OrderRequest>(
  (value) =>
    z.object({ lines: z.array(z.unknown()), parties: z.array(z.unknown()) }).safeParse(value).success,
);
export const parseStoredRequest = (stored: unknown): OrderRequest => storedRequestSchema.parse(stored);

/**
 * Leaves the 855 for the order's partner: `hold` says that it waits (AH, lines IH), `final` says per line what
 * happens, `update` says it again after what was promised has changed. Nothing for an order without a partner.
 */
export async function answerOrder(tx: Tx, orderId: string, kind: AnswerKind, now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (!mayBeAnswered(order, kind)) return;
  // Put on hold since its workflow looked: it is not confirmed over that.
  if (kind === 'final' && order.state === 'held' && (await isAnswerHeld(tx, orderId))) return;
  const together = new WriteTogether();
  const inHand = { order, lines: await readAnsweredLines(tx, orderId) };
  const patch = await addAnswer(tx, together, inHand, kind, now);
  await saveOrder(tx, order, patch, now, together);
}

async function isAnswerHeld(tx: Tx, orderId: string): Promise<boolean> {
  const lines = livingLines(await readLines(tx, orderId));
  return isStepBlocked(await readStandingHolds(tx, orderId), lines, 'answer');
}

type AnswerKind = 'hold' | 'final' | 'update';

/** An order that its caller has locked, as it stands. */
export interface OrderInHand {
  readonly order: OrderRow;
  readonly lines: readonly AnsweredLine[];
  /** The selling entity's time zone, where it was read. */
  readonly zone?: string;
}

export function mayBeAnswered(order: OrderRow, kind: AnswerKind): boolean {
  if (kind === 'final') return order.final_answer_at === null;
  return kind === 'update' || (order.answer_count === 0 && order.final_answer_at === null);
}

/** The same as part of a statement that writes more. @returns what is to be saved of the order with it */
export async function addAnswer(
  tx: Tx,
  together: WriteTogether,
  inHand: OrderInHand,
  kind: AnswerKind,
  now: string,
): Promise<OrderPatch> {
  const { order } = inHand;
  const orderId = order.id;
  const count = order.answer_count + 1;
  const lines = kind === 'hold' ? inHand.lines : await promiseLines(tx, order, inHand.lines, now);
  if (lines.some((line) => line.promised_on !== line.promise_told_on)) await keepToldPromises(tx, orderId);
  const told = { ...inHand, lines };
  if (order.partner_id !== null) {
    const payload = kind === 'hold' ? await holdAnswer(tx, told, now) : await lineAnswer(tx, told, now);
    addDocument(together, {
      subject: `order/${orderId}/855/${count}`,
      partnerId: order.partner_id,
      set: '855',
      usage: order.usage,
      orderId,
      payload,
    });
    const text = answerText(payload);
    const data = { answer: count };
    addEvents(together, [
      { orderId, at: now, kind: 'answered', actor: 'hub', text, data, once: `855/${count}` },
    ]);
  }
  if (kind === 'final' && order.usage === 'T' && !isFinal(order.state)) {
    const text =
      'A test order: it stops here, for no test warehouse is set up. Nothing is released, shipped or invoiced';
    addEvents(together, [{ orderId, at: now, kind: 'test-stops', actor: 'hub', text, once: 'test-stops' }]);
  }
  // One that waits for its release alone is answered, and stays on hold.
  const stays = isFinal(order.state) || order.state === 'fulfilling' || order.state === 'held';
  const confirmed = kind === 'final' && !stays;
  return {
    answer_count: count,
    ...(kind === 'final' && { final_answer_at: now }),
    ...(confirmed && { state: 'confirmed' as const }),
  };
}

/** A line with whether a hold of its own keeps it from being answered for. */
export type AnsweredLine = OrderLineRow & { readonly on_hold: boolean };

export const readAnsweredLines = async (tx: Tx, orderId: string): Promise<readonly AnsweredLine[]> =>
  (await tx('order_line as l')
    .where({ order_id: orderId })
    .orderBy('line_number')
    .select(
      'l.*',
      tx.raw(`exists (select from hold h where h.order_id = l.order_id and h.status = 'open' and h.change_id is null
        and h.line_number = coalesce(l.split_from, l.line_number) and 'answer' = any(h.blocks)) as on_hold`),
    )) as AnsweredLine[];

/** The order went on while a part of it waited: its answer said so of that part alone. */
export const flowedOn = (order: Pick<OrderRow, 'state' | 'final_answer_at'>): boolean =>
  order.state !== 'held' && order.final_answer_at !== null;

/**
 * An order that was answered before it, or a line of it, went on hold: once the hold is gone its partner hears what came
 * of it, if something else than was said last. `refused`: something of it was. `ofLine`: the hold was a line's own, of
 * which the answer said so (IH) while the rest was accepted.
 */
export async function answerAfterHold(
  tx: Tx,
  before: OrderRow,
  after: OrderRow,
  { refused, ofLine = false }: { readonly refused: boolean; readonly ofLine?: boolean },
  now: string,
): Promise<void> {
  if (after.state === 'held' || after.final_answer_at === null) return;
  if (ofLine) return answerOrder(tx, after.id, 'update', now);
  if (before.state !== 'held') return;
  const last = (await tx('document_request')
    .where({ order_id: after.id })
    .whereIn('set_id', ['855', '865'])
    .orderBy('id', 'desc')
    .first(tx.raw(`payload ->> 'acknowledgment' as acknowledgment`))) as
    | { acknowledgment: string }
    | undefined;
  if (refused || last?.acknowledgment === 'AH') await answerOrder(tx, after.id, 'update', now);
}

function answerText(answer: OrderAnswer): string {
  const words = {
    AC: 'accepted with changes',
    AD: 'accepted as ordered',
    AH: 'on hold',
    RD: 'rejected',
    AK: 'accepted',
    RJ: 'rejected',
  } as const;
  return `The purchase order is answered (855 ${answer.acknowledgment}): ${words[answer.acknowledgment]}`;
}

/** @param zone the selling entity's time zone, where it is known */
export async function answerHeader(
  tx: Tx,
  order: OrderRow,
  now: string,
  zone?: string,
): Promise<AnswerHeader> {
  const request = parseStoredRequest(order.request);
  const timeZone = zone ?? (await entityZone(tx, order.entity_id));
  return {
    usage: order.usage,
    purchaseOrderNumber: order.po_number,
    ...(order.release_number !== null && { releaseNumber: order.release_number }),
    purchaseOrderDate: order.po_date,
    customerId: order.customer_id,
    orderNumber: order.order_number,
    date: localDateIn(now, timeZone),
    parties: request.parties,
    references: request.references,
    ...(request.kept !== undefined && { kept: request.kept }),
    currency: order.currency,
  };
}

export async function entityZone(tx: Tx, entityId: string): Promise<string> {
  const { time_zone: zone } = (await tx('selling_entity').where({ id: entityId }).first('time_zone')) as {
    time_zone: string;
  };
  return zone;
}

/** The header of what speaks of one shipment, which may go elsewhere than the order. */
export function shipmentHeader(header: AnswerHeader, order: OrderRow, shipment: ShipmentRow): AnswerHeader {
  const to = shipment.ship_to ?? (order.ship_to as Party);
  const asked = header.parties.some((party) => party.role === 'ST');
  if (shipment.ship_to === null && asked) return header;
  return { ...header, parties: [...header.parties.filter((party) => party.role !== 'ST'), to] };
}

/**
 * What is echoed of a line: the buyer's own number only where there was one, every id pair, the order's unit and price
 * basis, and what was kept of it. With the other parts of a line that goes to several places it is their quantity
 * together.
 */
export function answerLineOf(line: OrderLineRow, ...others: readonly OrderLineRow[]): AnswerLine {
  const { references_: references, kept, supply } = line;
  const description = supply?.kind === 'component' ? supply.description : line.description;
  return {
    ...(line.buyer_line_number !== null && { buyerLineNumber: line.buyer_line_number }),
    productIds: line.product_ids,
    quantity: trimDecimal(sumQuantities([line, ...others].map((part) => part.quantity))),
    unit: line.unit,
    ...(line.unit_price !== null && { unitPrice: trimDecimal(line.unit_price) }),
    ...(line.price_basis_code !== null && { priceBasisCode: line.price_basis_code }),
    ...(description !== null && { description }),
    ...(references.length > 0 && { references }),
    ...(kept.length > 0 && { kept }),
  };
}

const trimDecimal = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** An answer repeats the quantity that was ordered; what became of it stands in the statuses. */
const askedQuantity = ({ requested_quantity: asked }: OrderLineRow) =>
  asked === null ? {} : { quantity: trimDecimal(asked) };

async function holdAnswer(tx: Tx, { order, lines, zone }: OrderInHand, now: string): Promise<OrderAnswer> {
  return {
    ...(await answerHeader(tx, order, now, zone)),
    kind: 'order-answer',
    acknowledgment: 'AH',
    lines: partsByLine(asOrdered(lines)).map((parts) => ({
      ...answerLineOf(...parts),
      ...askedQuantity(parts[0]),
      statuses: joinStatuses(
        parts.map((part) => ({
          code: part.rejection_code === null ? 'IH' : (part.rejection_code as LineStatus['code']),
          quantity: trimDecimal(part.requested_quantity ?? part.quantity),
        })),
      ),
    })),
  };
}

/** Element 668: nothing of it will come. */
const refusals: ReadonlySet<string> = new Set(['IR', 'R1', 'R2', 'R3', 'ID']);

async function lineAnswer(tx: Tx, { order, lines, zone }: OrderInHand, now: string): Promise<OrderAnswer> {
  const refused = order.state === 'rejected' || order.state === 'cancelled';
  const charges = refused ? [] : (order.charges as readonly OrderCharge[]);
  const answered = partsByLine(asOrdered(lines)).map((parts) => ({
    ...answerLineOf(...parts),
    ...askedQuantity(parts[0]),
    statuses: joinStatuses(
      parts.flatMap((part) =>
        part.on_hold && !refused && part.rejection_code === null
          ? heldStatuses(part, order)
          : lineStatuses(part, order, refused),
      ),
    ),
    ...ofLineAlone(charges, headNumber(parts[0])),
    ...whyRefused(parts[0]),
  }));
  const codes = answered.flatMap((line) => line.statuses.map((status) => status.code));
  const rejected = codes.every((code) => refusals.has(code));
  return {
    ...(await answerHeader(tx, order, now, zone)),
    kind: 'order-answer',
    acknowledgment: rejected ? 'RD' : codes.every((code) => code === 'IA') ? 'AD' : 'AC',
    ...ofLineAlone(charges, undefined),
    lines: answered,
  };
}

/** What is charged or allowed for a line (undefined: the order as a whole), as its invoices will say it. */
export function ofLineAlone(charges: readonly OrderCharge[], lineNumber: number | undefined) {
  const own = charges.filter((charge) => charge.lineNumber === lineNumber);
  return own.length === 0 ? {} : { adjustments: own.map(({ lineNumber: _of, ...adjustment }) => adjustment) };
}

/** IH for what is not cancelled yet. */
function heldStatuses(line: OrderLineRow, order: OrderRow): readonly LineStatus[] {
  if (line.cancelled === 0)
    return [{ code: 'IH', quantity: trimDecimal(line.requested_quantity ?? line.quantity) }];
  return lineStatuses(line, order, false).map(({ code, quantity }) => ({
    code: code === 'ID' ? code : 'IH',
    quantity,
  }));
}

/** In words, of a line that a rule refused when it came. What a person wrote who rejected it is not for its buyer. */
const whyRefused = (line: OrderLineRow) => {
  const { rejection, ordered, requested_quantity: asked, quantity, unit } = line;
  if (rejection !== null) return ordered > 0 ? {} : { reason: rejection };
  if (asked === null) return {};
  const reason = `${trimDecimal(asked)} ${unit} were ordered, ${trimDecimal(quantity)} are whole packs: rounded up as agreed`;
  return { reason };
};

/** 068 of what waits: the day by which it is promised, or, where that is later, the one before which it may not leave. */
function promiseOf({ promised_on: promised, ship_not_before: notBefore }: OrderLineRow) {
  if (promised === null) return {};
  return {
    date: { qualifier: '068', date: notBefore !== null && notBefore > promised ? notBefore : promised },
  };
}

/** Of so many base units those that come as was reckoned with, and those that their supplier sends on another day. */
export function byDay(
  { rescheduled }: Pick<OrderLineRow, 'rescheduled'>,
  units: number,
): readonly [number, NonNullable<OrderLineRow['rescheduled']>] {
  const later: { readonly units: number; readonly on: string }[] = [];
  let rest = units;
  for (const one of rescheduled ?? []) {
    const some = Math.min(rest, one.units);
    rest -= some;
    if (some > 0) later.push({ units: some, on: one.on });
  }
  return [rest, later];
}

/**
 * Several statuses a line where it is split; together they are the ordered quantity. Of a blanket order nothing is set
 * aside: it is accepted as it stands.
 */
export function lineStatuses(
  line: OrderLineRow,
  order: Pick<OrderRow, 'type'>,
  orderRefused: boolean,
): readonly LineStatus[] {
  const whole = trimDecimal(line.requested_quantity ?? line.quantity);
  if (line.rejection_code !== null)
    return [{ code: line.rejection_code as LineStatus['code'], quantity: whole }];
  if (orderRefused) return [{ code: 'IR', quantity: whole }];
  const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  const priceChanged =
    line.requested_price !== null &&
    line.unit_price !== null &&
    compareDecimals(line.requested_price, line.unit_price) !== 0;
  const goes =
    order.type === 'blanket' ? line.ordered - line.cancelled : line.reserved + line.released + line.shipped;
  const waits = line.ordered - line.cancelled - goes;
  const statuses: LineStatus[] = [];
  // 068, current schedule ship: what leaves later than the order says so, delivery by delivery.
  const date = line.ship_not_before && { date: { qualifier: '068', date: line.ship_not_before } };
  const { supply } = line;
  const instead = supply?.kind === 'instead' ? { productIds: supply.ids } : {};
  const accepted =
    supply?.kind === 'instead'
      ? 'IS'
      : line.requested_quantity !== null
        ? 'IQ'
        : priceChanged
          ? 'IP'
          : line.cancel_code !== null
            ? 'IQ'
            : 'IA';
  const [soon, later] = byDay(line, goes);
  if (soon > 0) statuses.push({ code: accepted, quantity: inUnit(soon), ...date, ...instead });
  for (const { units, on } of later)
    statuses.push({
      // DR, accepted and rescheduled, where there is nothing else to say of it.
      code: accepted === 'IA' ? 'DR' : accepted,
      quantity: inUnit(units),
      date: { qualifier: '068', date: on },
      ...instead,
    });
  if (waits > 0) statuses.push({ code: 'IB', quantity: inUnit(waits), ...promiseOf(line) });
  if (line.cancelled > 0)
    statuses.push({
      code: (line.cancel_code as LineStatus['code'] | null) ?? 'ID',
      quantity: inUnit(line.cancelled),
    });
  return statuses.length > 0 ? statuses : [{ code: 'ID', quantity: whole }];
}
