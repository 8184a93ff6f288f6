import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { WriteTogether } from '../../db/repositories/write-together';
import { isFinal } from '../../domain/order/states';
import { beOf, countOf } from '../../domain/shared/count';
import { coverWaitingLines } from '../backorder/cover-waiting-lines';
import { fillBackorders } from '../backorder/fill-backorders';
import { hasSupplyAgreement } from '../backorder/filling-terms';
import { promiseLines, promiseMoved } from '../backorder/promise-lines';
import { type CustomerPolicy, customerPolicySchema } from '../customer/customer-policy';
import {
  lockOrder,
  type OrderLineRow,
  type OrderRow,
  readLines,
  UnknownRecord,
  waitingUnits,
} from '../order/order-record';
import { tellChangedPromise } from '../order/report-order-status';
import { addEvents } from '../record/keep-history';
import { readLeaveTerms } from '../sourcing/leave-together';
import { type Carton, packCartons } from './pack-cartons';
import { shipmentsWanted, type WantedShipment } from './shipments-wanted';

/** What a plan needs to know besides the order and its lines. */
export interface PlanningFacts {
  readonly policy: CustomerPolicy;
  readonly zone: string;
  readonly lastSequence: number;
  /** Head numbers of the lines that a hold keeps from being released; 'all' where one keeps the whole order. */
  readonly heldLines: ReadonlySet<number> | 'all';
  /** Its buyer has agreed to something that may be supplied instead. */
  readonly standIns: boolean;
}

interface PlanningRow {
  readonly standIns: boolean;
  readonly policy: unknown;
  readonly zone: string;
  readonly lastSequence: number;
  readonly held: readonly (number | null)[];
}

export async function readPlanningFacts(tx: Tx, order: OrderRow): Promise<PlanningFacts> {
  const { rows } = await tx.raw<{ rows: PlanningRow[] }>(
    `select c.policy, e.time_zone as zone, ${hasSupplyAgreement},
       coalesce((select max(s.sequence) from shipment s where s.order_id = :orderId), 0) as "lastSequence",
       coalesce((select jsonb_agg(case when h.change_id is null then h.line_number end) from hold h where h.order_id = :orderId and h.status = 'open'
         and h.shipment_id is null and 'release' = any(h.blocks)), '[]') as held
     from customer c, selling_entity e where c.id = :customerId and e.id = :entityId`,
    {
      orderId: order.id,
      customerId: order.customer_id,
      entityId: order.entity_id,
      partnerId: order.partner_id ?? '',
    },
  );
  const [row] = rows;
  if (!row) throw new UnknownRecord('customer', order.customer_id);
  return {
    policy: customerPolicySchema.parse(row.policy),
    zone: row.zone,
    lastSequence: row.lastSequence,
    // A change that waits may take from any line: nothing of its order leaves.
    heldLines: row.held.includes(null) ? 'all' : new Set(row.held as readonly number[]),
    standIns: row.standIns,
  };
}

/**
 * Turns what is reserved into shipments, one a node, a place that it goes to and a day that it is wanted on, as soon as
 * its lines may leave: first the order's backorders take what is there for them, then every reservation without a
 * shipment gets one. Asking again plans nothing twice.
 * @returns the shipments planned by this call
 */
export async function planShipments(tx: Tx, orderId: string, now: string): Promise<readonly string[]> {
  const locked = await lockOrder(tx, orderId);
  const facts = await readPlanningFacts(tx, locked);
  const inHand = await supplyWaiting(tx, locked, readLines, facts, now);
  const together = new WriteTogether();
  const planned = await addPlan(tx, together, inHand, facts, now);
  await together.run(tx);
  return planned;
}

/**
 * What waits of an order is supplied with what its buyer has agreed to, where the ordered items are not there.
 * @returns the order and its lines as they stand then
 */
export async function supplyWaiting<Line extends OrderLineRow>(
  tx: Tx,
  order: OrderRow,
  read: (tx: Tx, orderId: string) => Promise<readonly Line[]>,
  facts: PlanningFacts,
  now: string,
): Promise<{ readonly order: OrderRow; readonly lines: readonly Line[]; readonly covered: boolean }> {
  const lines = await read(tx, order.id);
  const may =
    facts.standIns && lines.some((line) => waitingUnits(line) > 0)
      ? await mayPlan(tx, order, lines, facts)
      : null;
  if (may === null) return { order, lines, covered: false };
  const supplied = await coverWaitingLines(tx, order, { ...may, standIns: true }, may, now);
  return { ...supplied, lines: await read(tx, order.id) };
}

/** The terms that an order's shipments are planned by; null where nothing of it may be. */
async function mayPlan(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  { heldLines, policy }: PlanningFacts,
) {
  if (isFinal(order.state) || order.type === 'blanket' || heldLines === 'all') return null;
  if (heldLines.size === 0) return { policy, heldLines };
  // What has to leave together waits for the line that is on hold. A maximum of shipments is kept by what may leave.
  const { order: asked } = (await readLeaveTerms(tx, order, policy, lines)).constraints;
  return asked.shipComplete ? null : { policy, heldLines };
}

interface OrderToPlan {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  /** Something of it is supplied as something else by now, and its buyer has not heard yet. */
  readonly covered?: boolean;
}

/** The same as part of a statement that writes more. */
export async function addPlan(
  tx: Tx,
  together: WriteTogether,
  { order, covered = false, ...before }: OrderToPlan,
  facts: PlanningFacts,
  now: string,
): Promise<readonly string[]> {
  const may = await mayPlan(tx, order, before.lines, facts);
  if (may === null) return [];
  const { policy, heldLines } = may;
  const filled = await fillBackorders(tx, order, policy, now, heldLines, { known: before.lines });
  const current = filled ? await readLines(tx, order.id) : before.lines;
  const lines = await promiseLines(tx, order, current, now);
  const toTell = covered && order.final_answer_at !== null;
  if ((await promiseMoved(tx, order, lines, now)) || toTell) await tellChangedPromise(tx, order.id, now);
  const wanted = await shipmentsWanted(tx, order, lines, { ...facts, heldLines }, now);
  if (wanted.length === 0) return [];
  const byId = new Map(lines.map((line) => [line.id, line]));
  // A supplier packs as it likes and says so when it ships.
  const packed = wanted.filter((one) => one.supplier === null);
  const toPack = packed.map((one) => ({
    nodeId: one.nodeId,
    // What the buyer picks up is handed over as it is.
    lines: (one.method === 'pickup' ? [] : one.lines).map((own) => ({
      line: byId.get(own.order_line_id) as OrderLineRow,
      quantity: own.quantity,
    })),
  }));
  const cartons = toPack.length === 0 ? [] : await packCartons(tx, order, toPack);
  const shipments = wanted.map((one, at) => ({
    ...one,
    id: newRecordId(),
    sequence: facts.lastSequence + at + 1,
    packages: cartons[packed.indexOf(one)] ?? [],
  }));
  addShipments(together, order, shipments, now);
  return shipments.map(({ id }) => id);
}

interface NewShipment extends WantedShipment {
  readonly id: string;
  readonly sequence: number;
  readonly packages: readonly Carton[];
}

function addShipments(
  together: WriteTogether,
  order: OrderRow,
  shipments: readonly NewShipment[],
  now: string,
): void {
  const rows = shipments.map(({ id, sequence, nodeId, method, deliverBy, shipTo }) => ({
    id,
    order_id: order.id,
    shipment_number: `${order.order_number}-${sequence}`,
    sequence,
    node_id: nodeId,
    usage: order.usage,
    method,
    state: 'planned',
    deliver_by: deliverBy,
    ship_to: shipTo,
    planned_at: now,
  }));
  together.insert('shipment', Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[], rows);
  const lines = shipments.flatMap((one) => one.lines.map((line) => ({ ...line, shipment_id: one.id })));
  together
    .insert('shipment_line', ['shipment_id', 'order_line_id', 'line_number', 'item_id', 'quantity'], lines)
    .add(
      `update order_line o set reserved = o.reserved - l.quantity, released = o.released + l.quantity
       from (select order_line_id, sum(quantity)::bigint as quantity
         from jsonb_to_recordset(cast(? as jsonb)) as r(order_line_id uuid, quantity bigint) group by order_line_id) as l
       where o.order_id = ? and o.id = l.order_line_id`,
      [JSON.stringify(lines), order.id],
    )
    .add(
      `update reservation r set shipment_id = s.shipment_id, updated_at = ?
       from jsonb_to_recordset(cast(? as jsonb)) as s(id uuid, shipment_id uuid)
       where r.order_id = ? and r.status = 'active' and r.id = s.id`,
      [
        now,
        JSON.stringify(
          shipments.flatMap((one) => one.reservations.map(({ id }) => ({ id, shipment_id: one.id }))),
        ),
        order.id,
      ],
    )
    .insert(
      'package',
      ['sscc', 'shipment_id', 'sequence', 'carton_type', 'weight_grams', 'contents'],
      shipments.flatMap((one) => one.packages.map((carton) => ({ ...carton, shipment_id: one.id }))),
    );
  addEvents(
    together,
    shipments.map((one, at) => {
      const units = one.lines.reduce((sum, line) => sum + line.quantity, 0);
      const to = one.shipTo === null ? '' : ` to ${one.shipTo.name ?? one.shipTo.id ?? ''}`;
      return {
        orderId: order.id,
        at: now,
        kind: 'shipment-planned',
        actor: 'hub',
        text:
          one.method === 'pickup'
            ? `${countOf(units, 'unit')} ${beOf(units)} to be picked up at ${one.nodeId} as ${rows[at]?.shipment_number ?? ''}`
            : `Shipment ${rows[at]?.shipment_number ?? ''} of ${countOf(units, 'unit')} is planned from ${one.nodeId}${to}`,
        data: { shipmentId: one.id },
      };
    }),
  );
}
