import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { keepStoreTasks } from '../../application/store/keep-store-tasks';
import type { StoreWorker } from '../../application/store/store-tasks';
import { createStoreWarehouse } from '../../application/store/store-warehouse';
import { acceptTask, pickTask } from '../../application/store/work-store-task';
import type { Db } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { orderOf, RACE_STORES, type Stage, setStage } from './company';
import { expectHeard, placed, type Race } from './race';

const [STORE] = RACE_STORES;
const UNITS = 5;

/** A stage whose first item lies in both stores and nowhere else. */
async function setStores(db: Db): Promise<Stage> {
  const stage = await setStage(db, { onHand: 0 });
  const [item_id] = stage.itemIds;
  await db('stock').insert(RACE_STORES.map((node_id) => ({ item_id, node_id, on_hand: UNITS * 2 })));
  return stage;
}

/** Placed, answered and offered to the first store, as the order's workflow does. */
async function offered(db: Db, stage: Stage, now: string, more: object = {}) {
  const orderId = await placed(db, { ...orderOf(stage, [[stage.itemIds[0], UNITS]]), ...more }, now);
  await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
  await offerPlanned(db, orderId, now);
  const task = (await db('store_task').where({ order_id: orderId }).first('id', 'shipment_id')) as {
    id: string;
    shipment_id: string;
  };
  const at: StoreWorker = { taskId: task.id, nodeId: STORE, person: 'a racer' };
  return { orderId, shipmentId: task.shipment_id, at };
}

async function offerPlanned(db: Db, orderId: string, now: string): Promise<void> {
  const store = createStoreWarehouse(db, () => now);
  for (const shipmentId of await db.transaction((tx) => planShipments(tx, orderId, now))) {
    const outcome = await store.release(await buildRelease(db, shipmentId));
    await db.transaction((tx) => recordRelease(tx, shipmentId, outcome, now));
  }
}

const countOf = async (db: Db, orderId: string, kinds: readonly string[]): Promise<number> => {
  const row = (await db('order_event')
    .where({ order_id: orderId })
    .whereIn('kind', [...kinds])
    .count('* as n')
    .first()) as { n: string | number };
  return Number(row.n);
};

const answerAgainstTimer: Race = {
  name: 'a store that accepts, one of its people that rejects, and its time that runs out',
  run: async (db, contenders, now) => {
    const stage = await setStores(db);
    const { orderId, at } = await offered(db, stage, now);
    const due = addSeconds(now, 3600);
    const heard = await contenders.race(
      [
        { kind: 'store', step: 'accept', at },
        { kind: 'store', step: 'reject', at: { ...at, person: 'another' } },
        { kind: 'keep-store', orderId, due },
      ],
      now,
    );
    // What the store said last is due still, and what is free is planned, as the order's workflow does.
    await db.transaction((tx) => keepStoreTasks(tx, orderId, due));
    await offerPlanned(db, orderId, due);
    const faults = expectHeard(
      heard,
      ['done', 'kept', 'wrong-state'],
      // The timer won; or who won was killed, and hears at the second try that it is decided.
      ['kept', 'wrong-state', 'wrong-state'],
    );
    const live = (await db('shipment')
      .where({ order_id: orderId })
      .whereNot({ state: 'cancelled' })
      .pluck('node_id')) as string[];
    const accepted = await countOf(db, orderId, ['store-accepted']);
    const declined = await countOf(db, orderId, ['store-rejected', 'store-timed-out']);
    const wanted = RACE_STORES[accepted === 1 ? 0 : 1];
    if (accepted + declined !== 1) faults.push(`the store has answered ${accepted + declined} times`);
    if (live.join() !== wanted) faults.push(`the units are at ${live.join()}, not at ${wanted}`);
    return { placed: 1, refused: 1, faults };
  },
};

const handOverAgainstNoShow: Race = {
  name: 'a pickup that is handed over, handed over again, and given up',
  run: async (db, contenders, now) => {
    const stage = await setStores(db);
    const { orderId, shipmentId, at } = await offered(db, stage, now, { pickupAt: STORE });
    await db.transaction((tx) => acceptTask(tx, at, now));
    await db.transaction((tx) => pickTask(tx, at, [{ lineNumber: 1, quantity: UNITS }], now));
    const handOver = { kind: 'store', step: 'hand-over', at } as const;
    const late = { kind: 'keep-store', orderId, due: addSeconds(now, 30 * 86_400) } as const;
    const heard = await contenders.race([handOver, handOver, late], now);
    await db.transaction((tx) => applyShipConfirm(tx, shipmentId, now));
    const faults = expectHeard(
      heard,
      ['done', 'kept', 'wrong-state'],
      ['kept', 'wrong-state', 'wrong-state'],
    );
    const given = await countOf(db, orderId, ['handed-over']);
    const line = (await db('order_line').where({ order_id: orderId }).first('shipped', 'cancelled')) as {
      shipped: number;
      cancelled: number;
    };
    const invoices = (await db('invoice').where({ order_id: orderId }).count('* as n').first()) as {
      n: string;
    };
    const right =
      given === 1
        ? line.shipped === UNITS && line.cancelled === 0
        : line.shipped === 0 && line.cancelled === UNITS;
    if (!right || Number(invoices.n) !== given)
      faults.push(
        `handed over ${given} times: ${line.shipped} shipped, ${line.cancelled} cancelled, ${invoices.n} invoices`,
      );
    return { placed: 1, refused: 1, faults };
  },
};

export const storeRaces: readonly Race[] = [answerAgainstTimer, handOverAgainstNoShow];
