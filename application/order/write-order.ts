import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { WriteTogether } from '../../db/repositories/write-together';
import { isOrderHeld } from '../../domain/order/hold-scope';
import type { HoldRequest, HoldType } from '../../domain/order/hold-types';
import type { OrderRequest } from '../../domain/order/order-request';
import type { OrderState } from '../../domain/order/states';
import { addSeconds } from '../../domain/shared/dates';
import { openCreditCases, releaseByRule } from '../credit/credit-cases';
import { openHolds } from '../hold/open-holds';
import { addTakes } from '../pricing/promotion-budget';
import { addDecisions, addEvents } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';
import { addTrial } from '../sourcing/try-sourcing';
import { addTakenStock } from '../stock/take-stock';
import type { NewOrder } from './new-order';
import { columnsOf, lineValues, orderValues } from './order-columns';
import { decisionsOf } from './placing-decisions';

export interface WrittenOrder {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly state: OrderState;
}

/** Writes order, claim, lines, reservations, holds, history and decisions, and asks for the workflow. */
export async function writeOrder(tx: Tx, order: NewOrder): Promise<WrittenOrder> {
  const { request, now } = order;
  const rejected = order.lines.every((line) => line.rejection);
  const orderId = newRecordId();
  const { orderNumber, duplicateOf } = await numberAndClaim(tx, order, rejected ? null : orderId);
  const holds = rejected ? [] : [...order.holds, ...duplicateHolds(request, duplicateOf)];
  const types = holds.length > 0 ? await readHoldTypes(tx) : new Map<string, HoldType>();
  const state: OrderState = rejected ? 'rejected' : stopsOrder(order, holds, types) ? 'held' : 'placed';
  await writeTogether(tx, order, { orderId, orderNumber, state });
  await openHolds(tx, orderId, holds, types, now);
  await keepCreditCase(tx, order, orderId, rejected);
  return { orderId, orderNumber, state };
}

/** Holds of lines leave the other lines flowing. */
function stopsOrder(
  { lines }: NewOrder,
  holds: readonly HoldRequest[],
  types: ReadonlyMap<string, HoldType>,
): boolean {
  const standing = holds.map(({ type, lineNumber }) => ({
    lineNumber,
    shipmentId: null,
    blocks: types.get(type)?.blocks ?? [],
  }));
  const alive = lines.filter((line) => !line.rejection).map((line) => line.splitFrom ?? line.lineNumber);
  return isOrderHeld(standing, alive);
}

/** Of an order that credit holds, or would hold but for a rule: what finance sees of it. */
async function keepCreditCase(tx: Tx, order: NewOrder, id: string, rejected: boolean): Promise<void> {
  const { credit, now, totals } = order;
  if (rejected || credit?.decision.kind !== 'held') return;
  const creditAccountId = order.customer.credit_account_id;
  if (credit.release)
    await releaseByRule(tx, { id, creditAccountId, totalMinor: totals.totalMinor }, credit, now);
  else await openCreditCases(tx, { id, creditAccountId }, credit, now);
}

/** One statement, however many rows: while it runs, the account and the stock of every line are locked. */
async function writeTogether(tx: Tx, order: NewOrder, written: WrittenOrder): Promise<void> {
  const { request, now } = order;
  const { orderId, orderNumber, state } = written;
  // Ascending as the lines are: what reads them by id reads them in their order.
  const ids = order.lines.map(newRecordId).sort();
  const lineIds = new Map(order.lines.map((line, at) => [line.lineNumber, ids[at] as string]));
  const reserved = new Map<number, number>();
  for (const a of order.plan.allocations)
    reserved.set(a.lineNumber, (reserved.get(a.lineNumber) ?? 0) + a.quantity);
  const head = orderValues(order, orderId, orderNumber, state);
  const lines = order.lines.map((line) => ({
    id: lineIds.get(line.lineNumber),
    ...lineValues(line, orderId, reserved.get(line.lineNumber) ?? 0, {
      zone: order.customer.entity_time_zone,
      now,
    }),
  }));
  const together = new WriteTogether()
    .insert('orders', columnsOf(head), [head])
    .insert('order_line', columnsOf(lines[0] ?? {}), lines);
  const ordering = { id: orderId, customerId: request.customerId, usage: request.usage };
  addTakes(together, ordering, order.promotions.takes, now);
  addTakenStock(together, { id: orderId, usage: request.usage }, order.plan, lineIds);
  addEvents(together, [
    {
      orderId,
      at: now,
      kind: 'placed',
      actor: request.partnerId ? `partner:${request.partnerId}` : `customer:${request.customerId}`,
      text: `Purchase order ${request.purchaseOrderNumber} came by ${request.channel} and became order ${orderNumber} (${state})`,
      data: request.documentId ? { documentId: request.documentId } : {},
    },
    ...order.warnings.map((text) => ({ orderId, at: now, kind: 'validation-warning', actor: 'hub', text })),
  ]);
  addDecisions(together, decisionsOf(order, orderId));
  addTrial(together, orderId, order.plan, now);
  await together.job('start-order-workflow', [{ payload: { orderId }, key: orderId }]).runWithNext(tx);
}

function duplicateHolds(request: OrderRequest, duplicateOf: string | null): readonly HoldRequest[] {
  if (duplicateOf === null) return [];
  const text = `Purchase order ${request.purchaseOrderNumber} is there already`;
  const reason = { code: 'purchase-order-number-taken', text, details: { orderId: duplicateOf } };
  return [{ type: 'duplicate-purchase-order', lineNumber: null, reason }];
}

const claimKey = (request: OrderRequest) => [
  request.entityId,
  request.customerId,
  request.purchaseOrderNumber,
  request.releaseNumber ?? '',
  request.usage,
];

/**
 * The order's own number, and the claim on its purchase order number: taken where it is free or older than the
 * policy's window, else the order that holds it. Of two that claim one number at the same moment the second waits here
 * until the first is committed or gone.
 * @param claimant null: the order claims nothing
 */
async function numberAndClaim(
  tx: Tx,
  { request, policy, now }: NewOrder,
  claimant: string | null,
): Promise<{ readonly orderNumber: string; readonly duplicateOf: string | null }> {
  // Test orders leave no gaps among the numbers that people book by.
  const numbered =
    request.usage === 'T'
      ? `select 'TO' || nextval('test_order_number') as number`
      : `select 'SO' || nextval('order_number') as number`;
  const key = claimKey(request);
  const { rows } =
    claimant === null
      ? await tx.raw<{ rows: { number: string; claimed: boolean }[] }>(`${numbered}, true as claimed`)
      : await tx.raw<{ rows: { number: string; claimed: boolean }[] }>(
          `with claimed as (
             insert into order_claim as held (entity_id, customer_id, po_number, release_number, usage, order_id, claimed_at)
             values (?, ?, ?, ?, ?, ?, ?)
             on conflict (entity_id, customer_id, po_number, release_number, usage)
             do update set order_id = excluded.order_id, claimed_at = excluded.claimed_at where held.claimed_at < ?
             returning 1)
           ${numbered}, exists (select 1 from claimed) as claimed`,
          [...key, claimant, now, addSeconds(now, -86_400 * policy.duplicateWindowDays)],
        );
  const [row] = rows;
  if (!row) throw new Error('there is no order number');
  if (row.claimed) return { orderNumber: row.number, duplicateOf: null };
  const held = await tx.raw<{ rows: { order_id: string }[] }>(
    'select order_id from order_claim where (entity_id, customer_id, po_number, release_number, usage) = (?, ?, ?, ?, ?)',
    key,
  );
  return { orderNumber: row.number, duplicateOf: held.rows[0]?.order_id ?? null };
}
