import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import { pricedOn } from '../../domain/pricing/price-date';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { asResolved } from '../change/reprice-order';
import { readCustomer } from '../customer/customer-record';
import { readFillTerms } from '../order/fill-terms';
import { amountOf, retotal } from '../order/give-up-lines';
import { lineColumns } from '../order/order-columns';
import {
  headNumber,
  type OrderLineRow,
  type OrderRow,
  readLines,
  saveOrder,
  waitingUnits,
} from '../order/order-record';
import type { LineFacts, ResolvedLine } from '../order/resolve-lines';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { coverShortages, type StandInChoice } from '../sourcing/cover-shortages';
import { demandsOf } from '../sourcing/demands';
import type { StandIn } from '../sourcing/item-relations';
import { orderToSource } from '../sourcing/order-to-source';
import { lockStock, planStock, takeStock } from '../stock/take-stock';
import { fillBackorders } from './fill-backorders';
import type { FillingTerms } from './filling-terms';
import { readSupplyFacts, standInsOf } from './lock-for-cover';
import { promiseLines } from './promise-lines';

/** What an order of the record is filled by, beside its terms. */
export interface Filling {
  /** Lines on hold take nothing. */
  readonly heldLines?: ReadonlySet<number>;
  /** Some of the order is on its way. */
  readonly begun?: boolean;
}

/**
 * Gives the order's waiting lines what is there of their items and, where its buyer has agreed to something else, that
 * for what then still waits: nothing stands for what may yet come on the day that the buyer was told. It costs at most
 * what was confirmed, so that neither credit nor anybody has to be asked again. Who ordered the other item itself comes
 * first. The caller holds the order's lock, and of stock either none or all that `lockForCover` locks.
 * @returns the order as it stands, and whether something else is supplied now
 */
export async function coverWaitingLines(
  tx: Tx,
  order: OrderRow,
  { policy, standIns }: FillingTerms,
  { heldLines = new Set(), begun = false }: Filling,
  now: string,
): Promise<{ readonly order: OrderRow; readonly covered: boolean }> {
  const before = await readLines(tx, order.id);
  const open = before.filter((line) => isCoverable(line, before) && !heldLines.has(headNumber(line)));
  const customer =
    standIns && open.length > 0 && !hasMinimum(order)
      ? await readCustomer(tx, order.customer_id, order.partner_id)
      : undefined;
  const facts = customer === undefined ? null : await readSupplyFacts(tx, order, customer, before);
  const also = facts === null ? [] : open.flatMap((line) => standInsOf(line, facts)).map((s) => s.itemId);
  // All that is touched is locked in one go, for stock is locked in one order.
  if (also.length > 0)
    await lockStock(
      tx,
      [...before.filter((line) => waitingOf(line) > 0).map((line) => line.item_id), ...also],
      order.usage,
    );
  await fillBackorders(tx, order, policy, now, heldLines, { begun, known: before });
  if (facts === null || customer === undefined || also.length === 0) return { order, covered: false };
  const filled = await promisedAnew(tx, order, await readLines(tx, order.id), now);
  const isOpen = new Set(open.map(({ id }) => id));
  const short = filled.filter((line) => isOpen.has(line.id) && waitingOf(line) > 0 && !keepsItsDay(line));
  if (short.length === 0) return { order, covered: false };
  const terms = { policy, currency: order.currency, date: pricedOn(order), stated: order.po_date };
  const current = filled.map((row) => asResolved(row, facts, order.currency));
  const planning = { order, rows: filled, short, policy, begun, now };
  const replan = (lines: readonly ResolvedLine[]) => planInstead(tx, planning, lines);
  const covered = await coverShortages(current, await replan(current), facts, terms, replan, {
    candidates: new Map(short.map((line) => [line.line_number, mayCover(line, standInsOf(line, facts))])),
    atMostTheLinesPrice: true,
  });
  if (covered.plan.allocations.length === 0) return { order, covered: false };
  await writeCovered(tx, order, filled, covered.lines, covered.plan, customer.entity_time_zone, now);
  await recordDecisions(
    tx,
    covered.decisions.map((one) => ({ ...one, orderId: order.id, decidedAt: now, decidedBy: 'hub' })),
  );
  await tellCovered(tx, order, filled, covered.lines, facts, now);
  return { order: await saveOrder(tx, order, await retotal(tx, order), now), covered: true };
}

const hasMinimum = ({ fill }: OrderRow) => (readFillTerms(fill)?.minimum ?? null) !== null;

const waitingOf = (line: OrderLineRow) =>
  line.rejection_code === null && line.item_id !== null ? waitingUnits(line) : 0;

/** The same lines as when an order is placed; of one of which a part is supplied otherwise already the rest, too. */
function isCoverable(line: OrderLineRow, lines: readonly OrderLineRow[]): boolean {
  return (
    waitingOf(line) > 0 &&
    line.supply === null &&
    line.split_from === null &&
    line.blanket_line_id === null &&
    line.unit_price !== null &&
    lines.every((one) => one.split_from !== line.line_number || one.supply?.kind === 'instead')
  );
}

/** Its buyer was told a day on which the ordered item comes, and it still does. */
const keepsItsDay = ({ promised_on: promised, promise_told_on: told }: OrderLineRow) =>
  told !== null && promised !== null && promised <= told;

async function promisedAnew(tx: Tx, order: OrderRow, lines: readonly OrderLineRow[], now: string) {
  return lines.some((line) => waitingOf(line) > 0 && line.promise_told_on !== null)
    ? promiseLines(tx, order, lines, now)
    : lines;
}

/** A whole line comes as something else only while nothing of it has been set aside or has left. */
const mayCover = (line: OrderLineRow, standIns: readonly StandIn[]): readonly StandInChoice[] =>
  standIns.map((standIn) =>
    standIn.cover === 'whole-line' && waitingOf(line) < line.ordered - line.cancelled ? null : standIn,
  );

interface Planning {
  readonly order: OrderRow;
  readonly rows: readonly OrderLineRow[];
  readonly short: readonly OrderLineRow[];
  readonly policy: FillingTerms['policy'];
  readonly begun: boolean;
  readonly now: string;
}

/** What could be had of the stand-ins alone; what their lines still lack beside. As a newcomer asks for it. */
async function planInstead(
  tx: Tx,
  { order, rows, short, policy, begun, now }: Planning,
  lines: readonly ResolvedLine[],
): Promise<AllocationPlan> {
  const byNumber = new Map(rows.map((row) => [row.line_number, row]));
  const swapped = lines.filter(
    ({ lineNumber, supply }) =>
      supply?.kind === 'instead' && byNumber.get(lineNumber)?.supply?.kind !== 'instead',
  );
  const lacking = lines.flatMap((line) => {
    const row = short.find((one) => one.line_number === line.lineNumber);
    if (row === undefined || line.supply !== null) return [];
    const covered = row.ordered - row.cancelled - line.baseUnits;
    const quantity = waitingOf(row) - covered;
    return quantity <= 0 ? [] : [{ lineNumber: line.lineNumber, itemId: row.item_id ?? '', quantity }];
  });
  if (swapped.length === 0) return { allocations: [], shortages: lacking, considered: [] };
  const asked = orderToSource(order, policy, rows);
  const about = new Map(
    swapped.flatMap((line) => {
      const own = asked.lines.get(line.splitFrom ?? line.lineNumber);
      return own === undefined ? [] : [[line.lineNumber, own] as const];
    }),
  );
  const plan = await planStock(tx, demandsOf(swapped), {
    usage: order.usage,
    order: { ...asked, begun: begun || asked.begun, lines: new Map([...asked.lines, ...about]) },
    customerId: order.customer_id,
    channel: order.channel,
    waitingOrderId: null,
    now,
  });
  return { ...plan, shortages: [...lacking, ...plan.shortages] };
}

/** A line all of which comes as something else is that; of another the part becomes a line of its own. */
async function writeCovered(
  tx: Tx,
  order: OrderRow,
  rows: readonly OrderLineRow[],
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  zone: string,
  now: string,
): Promise<void> {
  const byNumber = new Map(rows.map((row) => [row.line_number, row]));
  const ids = new Map<number, string>();
  for (const line of lines) {
    const row = byNumber.get(line.lineNumber);
    const reserved = plan.allocations
      .filter(({ lineNumber }) => lineNumber === line.lineNumber)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    if (row === undefined) {
      const head = byNumber.get(line.splitFrom ?? 0) as OrderLineRow;
      const [added] = (await tx('order_line')
        .insert({ ...lineColumns(line, order.id, reserved, { zone, now }), ...sharedWith(head) })
        .returning('id')) as { id: string }[];
      ids.set(line.lineNumber, added?.id ?? '');
    } else if (line.supply !== null && row.supply === null) {
      ids.set(line.lineNumber, row.id);
      await tx('order_line')
        .where({ id: row.id })
        .update(becomes(row, line, reserved));
    } else if (line.baseUnits < row.ordered - row.cancelled) {
      const ordered = row.cancelled + line.baseUnits;
      await tx('order_line')
        .where({ id: row.id })
        .update({
          ordered,
          quantity: fromBaseUnits(ordered, row.unit, { [row.unit]: row.unit_factor }),
          amount_minor: amountOf(row, line.baseUnits, order.currency),
        });
    }
  }
  await takeStock(tx, order, plan, ids);
}

/** What a part has of the line that it is of. */
const sharedWith = (head: OrderLineRow) => ({
  buyer_line_number: head.buyer_line_number,
  requested_quantity: null,
  requested_price: head.requested_price,
  price_basis_code: head.price_basis_code,
  product_ids: JSON.stringify(head.product_ids),
  references_: JSON.stringify(head.references_),
  dates: JSON.stringify(head.dates),
  parties: JSON.stringify(head.parties),
  ship_not_before: head.ship_not_before,
  deliver_by: head.deliver_by,
  cancel_after: head.cancel_after,
});

function becomes(row: OrderLineRow, line: ResolvedLine, reserved: number) {
  const ratio = line.supply?.kind === 'instead' ? line.supply.ratio : 1;
  return {
    item_id: line.item?.itemId,
    unit_factor: line.unitFactor,
    ordered: row.ordered * ratio,
    cancelled: row.cancelled * ratio,
    reserved,
    supply: JSON.stringify(line.supply),
    price_basis: line.priceBasis,
    unit_price: line.unitPrice,
    amount_minor: line.amountMinor,
    price_decision: JSON.stringify(line.priceDecision),
    promised_on: null,
    promise_told_on: null,
  };
}

async function tellCovered(
  tx: Tx,
  order: OrderRow,
  rows: readonly OrderLineRow[],
  lines: readonly ResolvedLine[],
  facts: LineFacts,
  now: string,
): Promise<void> {
  const had = new Map(rows.map((row) => [row.line_number, row]));
  const changed = lines.filter(
    ({ lineNumber, supply }) => supply?.kind === 'instead' && had.get(lineNumber)?.supply?.kind !== 'instead',
  );
  const text = changed
    .map(({ splitFrom, lineNumber, request, item, supply }) => {
      const of = supply?.kind === 'instead' ? supply.of : '';
      return `Line ${splitFrom ?? lineNumber}: ${request.quantity} ${request.unit} of ${of} waited and come as ${item?.itemId ?? ''}`;
    })
    .join('; ');
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplied-instead',
      actor: 'hub',
      text: `${text}, as agreed (${facts.relations.agreement?.name ?? ''})`,
      data: {
        lines: changed.map(({ splitFrom, lineNumber, item }) => ({
          line: splitFrom ?? lineNumber,
          item: item?.itemId,
        })),
      },
    },
  ]);
}
