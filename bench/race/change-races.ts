import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { answerOrder } from '../../application/order/answer-order';
import type { Db } from '../../db/connection';
import type { OrderChangeRequest, OrderRequest } from '../../domain/order/order-request';
import { isFinal, type OrderState } from '../../domain/order/states';
import { orderOf, setStage } from './company';
import { cancellationOf, expectHeard, placed, type Race, released } from './race';

/** Line `lineNumber` of the order is to be of `quantity`, as an API call asks for it. */
function quantityChange(
  request: OrderRequest,
  orderId: string,
  lineNumber: number,
  quantity: number,
): OrderChangeRequest {
  const line = request.lines[lineNumber - 1];
  if (!line) throw new Error(`the race's own order has no line ${lineNumber}`);
  const { unitPrice: _, ...same } = line;
  return {
    ...cancellationOf(request, orderId),
    purpose: 'change',
    lines: [
      {
        kinds: ['quantity'],
        changeCode: quantity > Number(line.quantity) ? 'QI' : 'QD',
        lineNumber,
        line: { ...same, quantity: String(quantity) },
      },
    ],
  };
}

const change = (request: OrderChangeRequest) => ({ kind: 'change', request }) as const;

interface Standing {
  readonly state: OrderState;
  readonly totalMinor: number;
  readonly invoicedMinor: number;
  /** Per line: what is wanted, and what of it is covered by stock, base units. */
  readonly wanted: readonly number[];
  readonly covered: readonly number[];
}

async function standingOf(db: Db, orderId: string): Promise<Standing> {
  const order = (await db('orders')
    .where({ id: orderId })
    .first('state', 'total_minor', 'invoiced_minor')) as {
    state: OrderState;
    total_minor: number;
    invoiced_minor: number;
  };
  const lines = (await db('order_line').where({ order_id: orderId }).orderBy('line_number')) as {
    ordered: number;
    cancelled: number;
    reserved: number;
    released: number;
    shipped: number;
  }[];
  return {
    state: order.state,
    totalMinor: order.total_minor,
    invoicedMinor: order.invoiced_minor,
    wanted: lines.map((line) => line.ordered - line.cancelled),
    covered: lines.map((line) => line.reserved + line.released + line.shipped),
  };
}

const unless = (right: boolean, what: unknown): string[] => (right ? [] : [JSON.stringify(what)]);

const twoOfOneLine: Race = {
  name: 'two changes of the same line',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const request = orderOf(stage, [[stage.itemIds[0], 5]]);
    const orderId = await placed(db, request, now);
    await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
    const to = (quantity: number) => change(quantityChange(request, orderId, 1, quantity));
    const heard = await contenders.race([to(3), to(8)], now);
    const end = await standingOf(db, orderId);
    const right =
      (end.wanted[0] === 3 || end.wanted[0] === 8) &&
      end.covered[0] === end.wanted[0] &&
      end.totalMinor === end.wanted[0] * 1000;
    const faults = expectHeard(heard, ['applied', 'applied']);
    return { placed: 1, refused: 0, faults: [...faults, ...unless(right, end)] };
  },
};

const twoOfTwoLines: Race = {
  name: 'two changes of two lines of one order',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const [a, b] = stage.itemIds;
    const request = orderOf(stage, [
      [a, 5],
      [b, 5],
    ]);
    const orderId = await placed(db, request, now);
    await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
    const to = (line: number) => change(quantityChange(request, orderId, line, 8));
    const heard = await contenders.race([to(1), to(2)], now);
    const end = await standingOf(db, orderId);
    const right = end.wanted.join() === '8,8' && end.covered.join() === '8,8' && end.totalMinor === 16_000;
    const faults = expectHeard(heard, ['applied', 'applied']);
    return { placed: 1, refused: 0, faults: [...faults, ...unless(right, end)] };
  },
};

const changeAgainstConfirm: Race = {
  name: 'a change against the ship confirm',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const request = orderOf(stage, [[stage.itemIds[0], 5]]);
    const orderId = await placed(db, request, now);
    const ship = await released(db, orderId, now);
    const heard = await contenders.race([ship, change(quantityChange(request, orderId, 1, 3))], now);
    const end = await standingOf(db, orderId);
    const left = end.invoicedMinor > 0;
    // What has left is billed as it was ordered; what came back is the order's again, as it was changed.
    const right = left
      ? end.wanted[0] === 5 && end.invoicedMinor === 5000
      : end.wanted[0] === 3 && end.covered[0] === 3 && end.totalMinor === 3000;
    const faults = expectHeard(heard, ['refused', 'shipped'], ['applied', 'recalled-before']);
    return { placed: 1, refused: left ? 1 : 0, faults: [...faults, ...unless(right, end)] };
  },
};

const changeAgainstOrder: Race = {
  name: 'a change and a new order on the last credit',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { limitMinor: 10_000 });
    const request = orderOf(stage, [[stage.itemIds[0], 3]]);
    const orderId = await placed(db, request, now);
    await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
    const other = orderOf(stage, [[stage.itemIds[1], 6]]);
    const heard = await contenders.race(
      [change(quantityChange(request, orderId, 1, 7)), { kind: 'place', request: other }],
      now,
    );
    const firm = (await db('orders')
      .where({ customer_id: stage.customerId })
      .whereNot({ state: 'held' })
      .select('total_minor')) as { total_minor: number }[];
    const owed = firm.reduce((sum, order) => sum + order.total_minor, 0);
    // A change that was asked for again after a kill waits behind the one that it had made already.
    const faults = expectHeard(heard, ['applied', 'held'], ['held', 'placed'], ['placed', 'waiting']);
    return {
      placed: 1,
      refused: 1,
      faults: [...faults, ...unless(owed === 7000 || owed === 9000, { owed })],
    };
  },
};

/** More of the order than the credit allows waits, and takes nothing back from the warehouse. */
async function askForMore(db: Db, request: OrderRequest, orderId: string, item: string, now: string) {
  const [line] = orderOf({ customerId: request.customerId, itemIds: [item, item] }, [[item, 10]]).lines;
  if (!line) throw new Error("the race's own line is missing");
  const more: OrderChangeRequest = {
    ...cancellationOf(request, orderId),
    purpose: 'change',
    lines: [{ kinds: ['add'], changeCode: 'AI', line: { ...line, buyerLineNumber: '9' } }],
  };
  const received = await db.transaction((tx) => receiveOrderChange(tx, more, now));
  if (received.kind !== 'recorded') throw new Error('the change was not recorded');
  const outcome = await db.transaction((tx) => applyOrderChange(tx, received.changeId, now));
  if (outcome.kind !== 'held') throw new Error(`the change that was to wait is ${outcome.kind}`);
  return received.changeId;
}

const cancelWithWaitingChange: Race = {
  name: 'a cancellation against the ship confirm, while a change waits',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { limitMinor: 10_000 });
    const request = orderOf(stage, [[stage.itemIds[0], 5]]);
    const orderId = await placed(db, request, now);
    const ship = await released(db, orderId, now);
    const waits = await askForMore(db, request, orderId, stage.itemIds[1], now);
    const heard = await contenders.race([ship, change(cancellationOf(request, orderId))], now);
    const end = await standingOf(db, orderId);
    const { status } = (await db('order_change').where({ id: waits }).first('status')) as { status: string };
    const open = await db('hold').where({ order_id: orderId, status: 'open' }).select('type');
    const left = end.invoicedMinor > 0;
    const right =
      (left ? end.invoicedMinor === 5000 : end.state === 'cancelled' && end.covered[0] === 0) &&
      (!isFinal(end.state) || (status !== 'held' && open.length === 0));
    const faults = expectHeard(heard, ['refused', 'shipped'], ['applied', 'recalled-before']);
    return { placed: 1, refused: 1, faults: [...faults, ...unless(right, { ...end, status, open })] };
  },
};

export const changeRaces: readonly Race[] = [
  twoOfOneLine,
  twoOfTwoLines,
  changeAgainstConfirm,
  changeAgainstOrder,
  cancelWithWaitingChange,
];
