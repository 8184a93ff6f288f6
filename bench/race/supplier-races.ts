import type { Db } from '../../db/connection';
import { orderOf, setStage } from './company';
import { cancellationOf, expectHeard, placed, type Race } from './race';
import { atSupplier, supplierOf } from './supplier';

const UNITS = 5;

async function standing(db: Db, orderId: string) {
  const order = (await db('orders').where({ id: orderId }).first('state', 'invoiced_minor')) as {
    state: string;
    invoiced_minor: number;
  };
  const at = (await db('supplier_order as p')
    .join('supplier_order_line as l', 'l.supplier_order_id', 'p.id')
    .where({ 'p.order_id': orderId })
    .first('p.state', 'l.shipped', 'l.cancelled', 'l.billed')) as {
    state: string;
    shipped: number;
    cancelled: number;
    billed: number;
  };
  const beyond = await db('exception').where({ order_id: orderId, kind: 'supplier-over-shipment' });
  return { ...order, supplier: at, beyond: beyond.length };
}

/**
 * The supplier takes back whatever it is asked to, and ships it all the same: the record has one winner, and what left
 * after it was taken back is billed to nobody and on somebody's list.
 */
const cancelAgainstNotice: Race = {
  name: 'a cancellation by 860 against the supplier’s ship notice',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    await supplierOf(db, stage);
    const request = orderOf(stage, [[stage.itemIds[0], UNITS]]);
    const orderId = await placed(db, request, now);
    const { number } = await atSupplier(db, orderId, now);
    const heard = await contenders.race(
      [
        { kind: 'supplier-ships', orderId, number },
        { kind: 'change', request: cancellationOf(request, orderId) },
      ],
      now,
    );
    const faults = expectHeard(heard, ['refused', 'shipped'], ['applied', 'nothing-left']);
    const ended = await standing(db, orderId);
    const sound =
      ended.state === 'cancelled'
        ? ended.invoiced_minor === 0 && ended.supplier.cancelled === UNITS && ended.beyond >= 1
        : ended.invoiced_minor > 0 && ended.supplier.shipped === UNITS && ended.beyond === 0;
    return {
      placed: 1,
      refused: 1,
      faults: sound ? faults : [...faults, `it stands at ${JSON.stringify(ended)}`],
    };
  },
};

/** In whatever order they are taken, and the notice twice: it left once, and is billed once. */
const noticeAgainstInvoice: Race = {
  name: 'a supplier’s ship notice, the same again, and its invoice twice',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    await supplierOf(db, stage);
    const orderId = await placed(db, orderOf(stage, [[stage.itemIds[0], UNITS]]), now);
    const { number } = await atSupplier(db, orderId, now);
    const ships = { kind: 'supplier-ships', orderId, number } as const;
    const bills = { kind: 'supplier-bills', number, units: UNITS } as const;
    const heard = await contenders.race([ships, bills, ships, bills], now);
    const faults = expectHeard(heard, ['billed', 'billed', 'shipped', 'shipped']);
    const ended = await standing(db, orderId);
    const invoices = await db('invoice').where({ order_id: orderId });
    const sound =
      ended.supplier.state === 'billed' &&
      ended.supplier.shipped === UNITS &&
      ended.supplier.billed === UNITS &&
      ended.beyond === 0 &&
      invoices.length === 1;
    return {
      placed: 1,
      refused: 0,
      faults: sound
        ? faults
        : [...faults, `it stands at ${JSON.stringify(ended)}, invoices ${invoices.length}`],
    };
  },
};

export const supplierRaces: readonly Race[] = [cancelAgainstNotice, noticeAgainstInvoice];
