import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import {
  type LinePeriod,
  periodAt,
  periodsOf,
  periodWords,
  validityOf,
  whyNoPeriods,
} from '../../domain/order/call-off-periods';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest } from '../../domain/order/order-request';
import { requestedDays } from '../../domain/order/requested-days';
import { isFinal } from '../../domain/order/states';
import type { LocalDate } from '../../domain/shared/dates';
import { fromBaseUnits, toBaseUnits } from '../../domain/shared/quantity';
import { matchLine } from '../change/match-lines';
import type { CustomerPolicy } from '../customer/customer-policy';
import { readStandingHolds } from '../hold/open-holds';
import { atBlanketPrice } from '../pricing/blanket-price';
import { parseStoredRequest } from './answer-order';
import { headNumber, lockOrder, type OrderLineRow, type OrderRow, readLines } from './order-record';
import type { ResolvedLine } from './resolve-lines';

export interface CalledOff {
  readonly blanketId: string | null;
  readonly lines: readonly ResolvedLine[];
  readonly holds: readonly HoldRequest[];
}

/** A blanket order's lines with the periods that are agreed for them, in base units; what cannot be one is in words. */
function withPeriods(request: OrderRequest, lines: readonly ResolvedLine[]): CalledOff {
  if (request.type !== 'blanket') return { blanketId: null, lines, holds: [] };
  const holds: HoldRequest[] = [];
  const planned = lines.map((line): ResolvedLine => {
    const stated = periodsOf(line.request);
    if (line.rejection || line.item === null || stated.length === 0) return line;
    const { factors } = line.item;
    const periods = stated.map(({ from, to, maximum }) => {
      const base = toBaseUnits({ value: maximum, unit: line.request.unit }, factors);
      return base.kind === 'converted' ? { from, to, maximum: base.baseUnits } : null;
    });
    const whole = periods.filter((period) => period !== null);
    const why =
      whole.length < periods.length
        ? "a period's quantity is not a whole number of the item's base units"
        : whyNoPeriods(stated);
    if (why === null) return { ...line, periods: whole };
    holds.push(holdOf(line.lineNumber, 'unclear-periods', `Line ${line.lineNumber}: ${why}`));
    return line;
  });
  return { blanketId: null, lines: planned, holds };
}

/** What a call-off is weighed with: the customer's currency and policy, and the day where the order is sold from. */
export interface CallOffTerms {
  readonly currency: string;
  readonly policy: Pick<CustomerPolicy, 'callOffBeyond' | 'priceTolerance'>;
  readonly today: LocalDate;
}

/**
 * Calls the lines of a release off the blanket order of the same number. The blanket order stays locked until the
 * release is written: what is called off follows from the releases' own lines, and two of them never take the same
 * remainder. A line that asks for more than remains, of all or of its period, is held or refused and calls off nothing.
 */
export async function callOff(
  tx: Tx,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  terms: CallOffTerms,
): Promise<CalledOff> {
  if (request.type !== 'release') return withPeriods(request, lines);
  const blanket = await lockBlanket(tx, request);
  if (typeof blanket === 'string')
    return { blanketId: null, lines, holds: [holdOf(null, 'no-blanket', blanket)] };
  const outside = whyOutside(blanket, terms.today);
  const blanketLines = await readLines(tx, blanket.id);
  const remaining = await readRemaining(tx, blanket.id);
  const inPeriods = await readCalledByPeriod(tx, blanketLines);
  const onHold = new Set((await readStandingHolds(tx, blanket.id)).map(({ lineNumber }) => lineNumber));
  const holds: HoldRequest[] = [];
  const beside = (line: ResolvedLine, code: string, text: string): ResolvedLine => {
    if (terms.policy.callOffBeyond === 'reject')
      return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR', text: lowerFirst(text) } };
    holds.push(holdOf(line.lineNumber, code, `${text}: released, it ships beside it`));
    return line;
  };
  const called = lines.map((line): ResolvedLine => {
    if (line.rejection) return line;
    const of = lineToCallOff(blanketLines, line);
    if (of === undefined) {
      const text = `Line ${line.lineNumber} is not a line of the blanket order ${request.purchaseOrderNumber}`;
      return beside(line, 'not-in-blanket', text);
    }
    if (onHold.has(headNumber(of))) {
      const text = `Line ${of.line_number} of the blanket order ${request.purchaseOrderNumber} is on hold, nobody has agreed to it yet`;
      return beside(line, 'blanket-line-on-hold', text);
    }
    const priced = atBlanketPrice(line, of, terms);
    if (outside !== null) return beside(priced, 'outside-validity', outside);
    const left = remaining.get(of.id) ?? 0;
    if (line.baseUnits > left) {
      const text = `Line ${line.lineNumber} calls off ${line.request.quantity} ${line.request.unit}, ${inUnitOf(line, Math.max(0, left))} of the blanket order remain`;
      return beside(priced, 'exceeds-blanket', text);
    }
    const wanted = wantedIn(of.periods ?? [], line, orderDay(request) ?? terms.today);
    if (typeof wanted === 'string') return beside(priced, 'outside-periods', wanted);
    const exceeded = wanted.find(
      ({ period, baseUnits }) => baseUnits > period.maximum - (inPeriods.get(keyOf(of.id, period.from)) ?? 0),
    );
    if (exceeded) {
      const taken = inPeriods.get(keyOf(of.id, exceeded.period.from)) ?? 0;
      return beside(priced, 'exceeds-period', exceededText(line, exceeded, taken));
    }
    remaining.set(of.id, left - line.baseUnits);
    for (const { period, baseUnits } of wanted) {
      const key = keyOf(of.id, period.from);
      inPeriods.set(key, (inPeriods.get(key) ?? 0) + baseUnits);
    }
    const period = wanted[0]?.period.from ?? null;
    return { ...priced, blanketLineId: of.id, blanketPeriod: period, periods: of.periods ?? [] };
  });
  return { blanketId: blanket.id, lines: called, holds };
}

const keyOf = (lineId: string, from: LocalDate) => `${lineId}/${from}`;
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const inUnitOf = (line: ResolvedLine, base: number) =>
  fromBaseUnits(base, line.request.unit, { [line.request.unit]: line.unitFactor });

interface WantedInPeriod {
  readonly period: LinePeriod;
  readonly baseUnits: number;
}

const exceededText = (line: ResolvedLine, { period, baseUnits }: WantedInPeriod, taken: number) =>
  `Line ${line.lineNumber} calls off ${inUnitOf(line, baseUnits)} ${line.request.unit} for the period ${periodWords(period)}, ${inUnitOf(line, Math.max(0, period.maximum - taken))} of the ${inUnitOf(line, period.maximum)} agreed for it remain`;

/** The day that an order as a whole is wanted on. */
const orderDay = ({ dates }: OrderRequest): LocalDate | null => {
  const { deliverBy, shipNotBefore } = requestedDays(dates, 0);
  return deliverBy ?? shipNotBefore;
};

/** How much a line wants in which period: by its deliveries, else by the day it is wanted on. In words where there is none. */
function wantedIn(
  periods: readonly LinePeriod[],
  line: ResolvedLine,
  otherwise: LocalDate,
): readonly WantedInPeriod[] | string {
  if (periods.length === 0) return [];
  const deliveries = (line.request.schedules ?? []).map(({ quantity, dates }) => {
    const { deliverBy, shipNotBefore } = requestedDays(dates, 0);
    const base = toBaseUnits({ value: quantity, unit: line.request.unit }, line.item?.factors ?? {});
    return {
      day: deliverBy ?? shipNotBefore ?? otherwise,
      baseUnits: base.kind === 'converted' ? base.baseUnits : 0,
    };
  });
  const whole = { day: line.deliverBy ?? line.shipNotBefore ?? otherwise, baseUnits: line.baseUnits };
  const byPeriod = new Map<LinePeriod, number>();
  for (const { day, baseUnits } of deliveries.length > 0 ? deliveries : [whole]) {
    const period = periodAt(periods, day);
    if (!period)
      return `Line ${line.lineNumber} is wanted on ${day}, for which the blanket order has no period`;
    byPeriod.set(period, (byPeriod.get(period) ?? 0) + baseUnits);
  }
  return [...byPeriod].map(([period, baseUnits]) => ({ period, baseUnits }));
}

/** Why a blanket order cannot be called off on that day; null where it can. */
function whyOutside(blanket: OrderRow, today: LocalDate): string | null {
  const { from, to } = validityOf(parseStoredRequest(blanket.request).dates);
  if (from !== null && today < from)
    return `The blanket order ${blanket.po_number} may be called off from ${from} on, not before`;
  if (to !== null && today > to)
    return `The blanket order ${blanket.po_number} could be called off until ${to}, which has passed`;
  return null;
}

/** Base units called off in each period, by line and first day; asked only where there are periods. The order is locked. */
async function readCalledByPeriod(db: Db, lines: readonly OrderLineRow[]): Promise<Map<string, number>> {
  const ids = lines.filter((line) => line.periods !== null).map((line) => line.id);
  if (ids.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: { id: string; period: string; called: number }[] }>(
    `select blanket_line_id as id, blanket_period as period, sum(ordered - cancelled)::bigint as called from order_line
     where blanket_line_id = any(:ids) and blanket_period is not null and rejection_code is null group by 1, 2`,
    { ids } as never,
  );
  return new Map(rows.map((row) => [keyOf(row.id, row.period), row.called]));
}

const findBlanket = async (db: Db, request: OrderRequest) =>
  (await db('order_claim')
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

/** What lines of a release would cost if it were called off now, whatever remains. */
export async function showBlanketPrices(
  db: Db,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  terms: Omit<CallOffTerms, 'today'>,
): Promise<readonly ResolvedLine[]> {
  const blanket = await findBlanket(db, request);
  if (!blanket) return lines;
  const blanketLines = await readLines(db, blanket.id);
  return lines.map((line) => {
    const of = line.rejection ? undefined : lineToCallOff(blanketLines, line);
    return of === undefined ? line : atBlanketPrice(line, of, terms);
  });
}

/** The line of a blanket order that a release's line would call off. */
function lineToCallOff(lines: readonly OrderLineRow[], line: ResolvedLine): OrderLineRow | undefined {
  const of = matchLine(lines, { kinds: [], changeCode: '', line: line.request });
  return of && of.rejection_code === null && of.item_id === line.item?.itemId ? of : undefined;
}

async function lockBlanket(tx: Tx, request: OrderRequest): Promise<OrderRow | string> {
  const claim = await findBlanket(tx, request);
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
 * A release's line as it would be called off after a change: in which period, or why it cannot be. The caller has
 * locked the release and its blanket order.
 */
export async function callOffAnew(
  tx: Tx,
  order: OrderRow,
  line: OrderLineRow,
  wanted: ResolvedLine,
): Promise<
  | {
      readonly kind: 'fits';
      readonly period: LocalDate | null;
      /** The line of the blanket order; null: it calls nothing off. */
      readonly of: OrderLineRow | null;
    }
  | { readonly kind: 'beyond'; readonly text: string }
> {
  if (order.blanket_id === null || line.blanket_line_id === null)
    return { kind: 'fits', period: null, of: null };
  const [of] = (await tx('order_line').where({ id: line.blanket_line_id })) as OrderLineRow[];
  if (!of) return { kind: 'fits', period: null, of: null };
  const left = (await readRemaining(tx, order.blanket_id)).get(line.blanket_line_id) ?? 0;
  const now = line.ordered - line.cancelled;
  const more = wanted.baseUnits - now;
  const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  if (more > left) {
    const text = `line ${line.line_number} would call off ${inUnit(more)} more, ${inUnit(Math.max(0, left))} of the blanket order remain`;
    return { kind: 'beyond', text };
  }
  if (line.blanket_period === null) return { kind: 'fits', period: null, of };
  const periods = of.periods ?? [];
  const day = wanted.deliverBy ?? wanted.shipNotBefore ?? order.deliver_by ?? line.blanket_period;
  const period = periodAt(periods, day);
  if (!period)
    return {
      kind: 'beyond',
      text: `for ${day} the blanket order has no period to call line ${line.line_number} off in`,
    };
  const taken = (await readCalledByPeriod(tx, [of])).get(keyOf(of.id, period.from)) ?? 0;
  const others = period.from === line.blanket_period ? taken - now : taken;
  if (wanted.baseUnits <= period.maximum - others) return { kind: 'fits', period: period.from, of };
  const text = `line ${line.line_number} would call off ${inUnit(wanted.baseUnits)} for the period ${periodWords(period)}, ${inUnit(Math.max(0, period.maximum - others))} of the ${inUnit(period.maximum)} agreed for it remain`;
  return { kind: 'beyond', text };
}

/** A release has come to its end: its blanket order may have come to its own. */
export async function wakeBlanket(tx: Tx, order: OrderRow): Promise<void> {
  if (order.blanket_id !== null)
    await addJob(tx, 'signal-order', { orderId: order.blanket_id }, { key: order.blanket_id });
}

function holdOf(lineNumber: number | null, code: string, text: string): HoldRequest {
  return { type: 'content', lineNumber, reason: { code, text } };
}
