import type { Tx } from '../db/connection';
import type { AllocationPlan } from '../domain/allocation/allocate';
import { applyFillTerms } from '../domain/allocation/fill-terms';
import type { OrderRequest, Party } from '../domain/order/order-request';
import { isFinal } from '../domain/order/states';
import { startOfLocalDay } from '../domain/shared/dates';
import { type CustomerPolicy, customerPolicySchema } from './customer-policy';
import { readFillTerms } from './fill-terms';
import { recordDecisions, recordEvents } from './keep-history';
import { headNumber, lockOrder, type OrderLineRow, type OrderRow, readLines } from './order-record';
import { orderToSource } from './order-to-source';
import { packCartons } from './pack-cartons';
import { promiseLines, promiseMoved } from './promise-lines';
import { tellChangedPromise } from './report-order-status';
import { ruleOfPlan } from './source-stock';
import { addressed } from './split-lines';
import { planStock, takeStock } from './take-stock';

interface ReservationRow {
  readonly id: string;
  readonly order_line_id: string;
  readonly item_id: string;
  readonly node_id: string;
  readonly quantity: number;
  /** Its class of goods, where that may not share a shipment with others. */
  readonly apart: string | null;
}

/**
 * Turns what is reserved into shipments, one a node, a place that it goes to and a day that it is wanted on, as soon as its lines may leave: first the order's backorders take what is there for them, then
 * every reservation without a shipment gets one. Asking again plans nothing twice.
 * @returns the shipments planned by this call
 */
export async function planShipments(tx: Tx, orderId: string, now: string): Promise<readonly string[]> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state) || order.type === 'blanket') return [];
  const heldLines = await linesOnHold(tx, orderId);
  if (heldLines === 'all') return [];
  const customer = (await tx('customer').where({ id: order.customer_id }).first('policy')) as {
    policy: unknown;
  };
  const ofCustomer = customerPolicySchema.parse(customer.policy);
  const fill = readFillTerms(order.fill);
  const policy = fill?.shipComplete === true ? { ...ofCustomer, shipComplete: true } : ofCustomer;
  // What has to leave together waits for the line that is on hold.
  if (heldLines.size > 0 && (policy.shipComplete || policy.maximumShipments !== null)) return [];
  await fillBackorders(tx, order, policy, now, heldLines);
  const lines = await promiseLines(tx, order, await readLines(tx, orderId), now);
  if (await promiseMoved(tx, order, lines, now)) await tellChangedPromise(tx, orderId, now);
  const { shipping } = order.request as OrderRequest;
  const complete = policy.shipComplete || shipping?.shipComplete === 'order';
  if (complete && lines.some((line) => line.rejection_code === null && waiting(line) > 0)) return [];
  const reservations = (await tx('reservation')
    .where({ order_id: orderId, status: 'active', shipment_id: null })
    .andWhere('quantity', '>', 0)
    .orderBy(['node_id', 'order_line_id'])
    .forUpdate()) as ReservationRow[];
  const byId = new Map(lines.map((line) => [line.id, line]));
  const destinationOf = (row: ReservationRow) => {
    const destination = byId.get(row.order_line_id)?.destination ?? null;
    return destination?.as === 'ship-to' ? destination : null;
  };
  const zone = await entityZone(tx, order.entity_id);
  const mayLeave = (row: ReservationRow) => {
    const line = byId.get(row.order_line_id);
    if (line && heldLines.has(headNumber(line))) return false;
    const day = byId.get(row.order_line_id)?.ship_not_before ?? null;
    return day === null || startOfLocalDay(day, zone) <= now;
  };
  const byShipment = Map.groupBy(reservations.filter(mayLeave), (row) => {
    const party = destinationOf(row)?.party;
    const deliverBy = byId.get(row.order_line_id)?.deliver_by ?? order.deliver_by;
    return JSON.stringify([row.node_id, party?.idQualifier ?? null, party?.id ?? null, deliverBy]);
  });
  const planned: string[] = [];
  for (const rows of [...byShipment.values()].flatMap(keptApart)) {
    const [first] = rows as [ReservationRow];
    const destination = destinationOf(first);
    const deliverBy = byId.get(first.order_line_id)?.deliver_by ?? null;
    const shipTo = destination === null ? null : await addressed(tx, order.customer_id, destination);
    planned.push(
      await planShipment(tx, order, byId, { nodeId: first.node_id, shipTo, deliverBy, rows }, now),
    );
  }
  return planned;
}

/** Goods that may not share a shipment leave in one each; those that may go with any of them leave with the first. */
function keptApart(rows: readonly ReservationRow[]): readonly (readonly ReservationRow[])[] {
  const classes = [...new Set(rows.flatMap((row) => row.apart ?? []))].sort();
  if (classes.length < 2) return [rows];
  return classes.map((name, at) =>
    rows.filter((row) => (row.apart ?? classes[0]) === name || (at === 0 && row.apart === null)),
  );
}

async function entityZone(tx: Tx, entityId: string): Promise<string> {
  const { time_zone: zone } = (await tx('selling_entity').where({ id: entityId }).first('time_zone')) as {
    time_zone: string;
  };
  return zone;
}

const waiting = (line: OrderLineRow) =>
  line.ordered - line.cancelled - line.reserved - line.released - line.shipped;

/** Head numbers of the lines that a hold keeps from being released; 'all' where one keeps the whole order. */
async function linesOnHold(tx: Tx, orderId: string): Promise<ReadonlySet<number> | 'all'> {
  const holds = (await tx('hold')
    .where({ order_id: orderId, status: 'open', shipment_id: null })
    .whereRaw(`'release' = any(blocks)`)
    .select('line_number', 'change_id')) as { line_number: number | null; change_id: string | null }[];
  // A change that waits may take from any line: nothing of its order leaves.
  if (holds.some((hold) => hold.line_number === null || hold.change_id !== null)) return 'all';
  return new Set(holds.map((hold) => hold.line_number as number));
}

/** Reserves for the order's waiting lines what is there beyond the claims of orders that wait longer. */
export async function fillBackorders(
  tx: Tx,
  order: OrderRow,
  policy: CustomerPolicy,
  now: string,
  /** Lines on hold take nothing: what is there is for those that may leave. */
  heldLines: ReadonlySet<number> = new Set(),
  { begun = false }: { readonly begun?: boolean } = {},
): Promise<void> {
  const all = (await readLines(tx, order.id)).filter(
    (line) => line.rejection_code === null && line.item_id !== null,
  );
  const lines = all.filter((line) => waiting(line) > 0 && !heldLines.has(headNumber(line)));
  if (lines.length === 0) return;
  const demands = lines.map((line) => ({
    lineNumber: line.line_number,
    itemId: line.item_id as string,
    quantity: waiting(line),
    multiple: line.unit_factor,
  }));
  const asked = orderToSource(order, policy, all);
  const offered = await planStock(tx, demands, {
    usage: order.usage,
    order: { ...asked, begun: begun || asked.begun },
    customerId: order.customer_id,
    channel: order.channel,
    waitingOrderId: order.id,
    now,
  });
  const plan = withinFillTerms(order, all, offered);
  if (plan.allocations.length === 0) return;
  await takeStock(tx, order, plan, new Map(lines.map((line) => [line.line_number, line.id])));
  for (const line of lines) {
    const taken = plan.allocations
      .filter((a) => a.lineNumber === line.line_number)
      .reduce((sum, a) => sum + a.quantity, 0);
    if (taken > 0) await tx('order_line').where({ id: line.id }).increment('reserved', taken);
  }
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'allocation',
      ...ruleOfPlan(plan),
      inputs: { backorders: demands },
      outcome: plan,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
}

/** A minimum that the order has not reached yet holds for what comes in, too. */
function withinFillTerms(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  plan: AllocationPlan,
): AllocationPlan {
  const fill = readFillTerms(order.fill);
  if (fill === null) return plan;
  const wanted = lines.map((line) => ({
    lineNumber: line.line_number,
    ordered: line.ordered - line.cancelled,
    before: line.reserved + line.released + line.shipped,
    multiple: line.unit_factor,
  }));
  return applyFillTerms(plan, wanted, fill);
}

async function planShipment(
  tx: Tx,
  order: OrderRow,
  lines: ReadonlyMap<string, OrderLineRow>,
  {
    nodeId,
    shipTo,
    deliverBy,
    rows: reservations,
  }: {
    readonly nodeId: string;
    /** null: the order's own. */
    readonly shipTo: Party | null;
    readonly deliverBy: string | null;
    readonly rows: readonly ReservationRow[];
  },
  now: string,
): Promise<string> {
  const { n } = (await tx('shipment')
    .where({ order_id: order.id })
    .first(tx.raw('coalesce(max(sequence), 0) + 1 as n'))) as { n: number };
  const shipmentNumber = `${order.order_number}-${n}`;
  const [shipment] = (await tx('shipment')
    .insert({
      order_id: order.id,
      shipment_number: shipmentNumber,
      sequence: n,
      node_id: nodeId,
      usage: order.usage,
      state: 'planned',
      deliver_by: deliverBy,
      ship_to: shipTo === null ? null : JSON.stringify(shipTo),
      planned_at: now,
    })
    .returning('id')) as { id: string }[];
  const shipmentId = (shipment as { id: string }).id;
  const shipmentLines = [...Map.groupBy(reservations, (row) => row.order_line_id)].map(
    ([orderLineId, rows]) => {
      const line = lines.get(orderLineId) as OrderLineRow;
      return {
        order_line_id: orderLineId,
        line_number: line.line_number,
        item_id: line.item_id as string,
        quantity: rows.reduce((sum, row) => sum + row.quantity, 0),
      };
    },
  );
  await tx('shipment_line').insert(shipmentLines.map((line) => ({ ...line, shipment_id: shipmentId })));
  await tx.raw(
    `update order_line o set reserved = o.reserved - l.quantity, released = o.released + l.quantity
     from jsonb_to_recordset(cast(? as jsonb)) as l(order_line_id uuid, quantity bigint) where o.id = l.order_line_id`,
    [JSON.stringify(shipmentLines)],
  );
  await tx('reservation')
    .whereIn(
      'id',
      reservations.map((row) => row.id),
    )
    .update({ shipment_id: shipmentId, updated_at: now });
  const packed = shipmentLines.map((own) => ({
    line: lines.get(own.order_line_id) as OrderLineRow,
    quantity: own.quantity,
  }));
  await packCartons(tx, order, { id: shipmentId, nodeId }, packed);
  const units = shipmentLines.reduce((sum, line) => sum + line.quantity, 0);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'shipment-planned',
      actor: 'hub',
      text: `Shipment ${shipmentNumber} of ${units} units is planned from ${nodeId}${shipTo === null ? '' : ` to ${shipTo.name ?? shipTo.id ?? ''}`}`,
      data: { shipmentId },
    },
  ]);
  return shipmentId;
}
