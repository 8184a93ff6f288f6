import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import { isFinal, type OrderState, type ShipmentState } from '../../domain/order/states';
import { followSpending } from '../approval/buyer-spending';
import { refuseWaitingChanges } from '../change/close-change';
import { addNothingUsedUp } from '../fulfilment/shipments-used-up';
import { isHeld, supersedeHolds } from '../hold/open-holds';
import { billPartsLeft } from '../invoicing/bill-left-parts';
import { tellUnbilled } from '../invoicing/tell-unbilled';
import { addEvents } from '../record/keep-history';
import { readDelivered, wakeBlanket } from './call-off-blanket';
import { type OrderLineRow, type OrderPatch, type OrderRow, readLines, saveOrder } from './order-record';

/** Read after the caller's own writes, or with what they will make of a shipment. */
interface Standing {
  readonly shipments: readonly { readonly id: string; readonly state: string }[];
  /** Any line that was not refused; any of which something is neither shipped nor cancelled. */
  readonly alive: boolean;
  readonly open: boolean;
  /** By a hold of its own: `isHeld` says whether it stops the order as such. */
  readonly held: boolean;
  /** Also one of a change that waits. */
  readonly anyHold: boolean;
  /** A bundle of which nothing more comes has left in part. */
  readonly uneven: boolean;
}

export interface SettledWith {
  /** What is written in the same statement; run by this. */
  readonly together?: WriteTogether;
  /** A shipment's state that `together` writes. */
  readonly moved?: { readonly shipmentId: string; readonly to: ShipmentState };
  /** The order's lines as `together` leaves them. */
  readonly lines?: readonly OrderLineRow[];
}

/**
 * Where an order stands follows from its holds, its answer and its lines; this is the one place that says so. Writes
 * the state if it differs, together with what else the caller changed.
 */
export async function settleState(
  tx: Tx,
  given: OrderRow,
  patch: OrderPatch,
  now: string,
  { together = new WriteTogether(), ...writes }: SettledWith = {},
): Promise<OrderRow> {
  const isPatched = Object.keys(patch).length > 0;
  const unsettled = async (stood: OrderRow) => {
    if (isPatched) return saveOrder(tx, stood, patch, now, together);
    await together.run(tx);
    return stood;
  };
  if (isFinal(given.state)) return unsettled(given);
  const followed = await followSpending(tx, given, now);
  const found = await readStanding(tx, followed.id);
  // What leaves with a shipment is on that shipment's own bill.
  const parts =
    found.uneven && writes.moved?.to !== 'shipped'
      ? await billPartsLeft(tx, followed, now)
      : { order: followed, billed: false };
  const { order } = parts;
  const standing = afterwards(parts.billed ? await readStanding(tx, order.id) : found, writes);
  const next = await stateOf(tx, order, standing, patch.final_answer_at !== undefined, writes.lines);
  if (next === order.state) return unsettled(order);
  addEvents(together, [
    {
      orderId: order.id,
      at: now,
      kind: 'state',
      actor: 'hub',
      text: `The order is ${next}`,
      data: { from: order.state, to: next },
    },
  ]);
  const closing = isFinal(next) ? { closed_at: now } : {};
  if (isFinal(next)) addNothingUsedUp(together, order.id, now);
  const saved = await saveOrder(tx, order, { ...patch, ...closing, state: next }, now, together);
  if (next === 'completed') await tellUnbilled(tx, saved, now);
  if (isFinal(next)) {
    // Nothing is left that a decision could change: nobody is asked for one any more.
    if (standing.anyHold) {
      const { ofChanges } = await supersedeHolds(tx, order.id, 'all', `the order is ${next}`, now);
      if (ofChanges)
        await refuseWaitingChanges(tx, saved, `The order is ${next}: nothing of it can be changed`, now);
    }
    await wakeBlanket(tx, order);
  }
  return saved;
}

function afterwards(standing: Standing, { moved, lines }: SettledWith): Standing {
  const alive = lines?.filter((line) => line.rejection_code === null);
  return {
    ...standing,
    ...(alive && {
      alive: alive.length > 0,
      open: alive.some((line) => line.ordered > line.cancelled + line.shipped),
    }),
    shipments: standing.shipments.map((s) => (s.id === moved?.shipmentId ? { ...s, state: moved.to } : s)),
  };
}

async function readStanding(tx: Tx, orderId: string): Promise<Standing> {
  const { rows } = await tx.raw<{ rows: Standing[] }>(
    `select coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'state', s.state)) from shipment s where s.order_id = o.id), '[]') as shipments,
       exists (select from order_line l where l.order_id = o.id and l.rejection_code is null) as alive,
       exists (select from order_line l where l.order_id = o.id and l.rejection_code is null and l.ordered > l.cancelled + l.shipped) as open,
       exists (select from hold h where h.order_id = o.id and h.status = 'open' and h.change_id is null) as held,
       exists (select from hold h where h.order_id = o.id and h.status = 'open') as "anyHold",
       exists (select from order_line l where l.order_id = o.id and l.supply ->> 'kind' = 'component' group by l.supply ->> 'key'
         having bool_and(l.ordered = l.cancelled + l.shipped) and max(l.shipped / l.unit_factor) > min(l.shipped / l.unit_factor)) as uneven
     from (select cast(? as uuid) as id) as o`,
    [orderId],
  );
  return rows[0] as Standing;
}

async function stateOf(
  tx: Tx,
  order: OrderRow,
  { held, alive, open, ...standing }: Standing,
  answeredNow: boolean,
  lines: readonly OrderLineRow[] | undefined,
): Promise<OrderState> {
  const answered = answeredNow || order.final_answer_at !== null;
  const shipments = standing.shipments.filter(({ state }) => state !== 'cancelled');
  if (order.type === 'blanket') return blanketState(tx, order, held, answered);
  if (!alive && shipments.length === 0 && !answered) return 'rejected';
  if (!open && shipments.every((shipment) => shipment.state === 'invoiced'))
    return shipments.length > 0 ? 'completed' : 'cancelled';
  if (held && (await isHeld(tx, order.id, lines))) return 'held';
  if (shipments.some((shipment) => shipment.state !== 'planned')) return 'fulfilling';
  return answered ? 'confirmed' : 'placed';
}

/** A blanket order ships nothing itself: it is at its end when all of it has left with its releases. */
async function blanketState(tx: Tx, order: OrderRow, held: boolean, answered: boolean): Promise<OrderState> {
  const alive = (await readLines(tx, order.id)).filter((line) => line.rejection_code === null);
  if (alive.length === 0 && !answered) return 'rejected';
  const delivered = await readDelivered(tx, order.id);
  const gone = (line: OrderLineRow) => delivered.get(line.id) ?? 0;
  if (alive.every((line) => line.ordered - line.cancelled - gone(line) <= 0)) {
    if (!alive.some((line) => gone(line) > 0)) return 'cancelled';
    if (answered) return 'completed';
  }
  if (held && (await isHeld(tx, order.id, alive))) return 'held';
  return answered ? 'confirmed' : 'placed';
}
