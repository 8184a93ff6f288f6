import { planShipments } from '../../application/fulfilment/plan-shipments';
import { type CartRequest, reserveCart } from '../../application/stock/reserve-cart';
import type { Db } from '../../db/connection';
import { changeRaces } from './change-races';
import { buyerBeside, orderOf, type Stage, setStage } from './company';
import { cancellationOf, expectHeard, faultsOf, placed, type Race, released } from './race';
import { storeRaces } from './store-races';
import { supplierRaces } from './supplier-races';

export type { Race } from './race';

const oppositeLines: Race = {
  name: 'two orders that name the same items in opposite order',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const other = await buyerBeside(db, stage);
    const [a, b] = stage.itemIds;
    const heard = await contenders.race(
      [
        {
          kind: 'place',
          request: orderOf(stage, [
            [a, 3],
            [b, 3],
          ]),
        },
        {
          kind: 'place',
          request: orderOf(other, [
            [b, 3],
            [a, 3],
          ]),
        },
      ],
      now,
    );
    return { placed: 2, refused: 0, faults: expectHeard(heard, ['placed', 'placed']) };
  },
};

const lastCredit: Race = {
  name: 'two orders on the last credit',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { limitMinor: 10_000 });
    const order = () => ({ kind: 'place', request: orderOf(stage, [[stage.itemIds[0], 6]]) }) as const;
    const heard = await contenders.race([order(), order()], now);
    return { placed: 1, refused: 1, faults: expectHeard(heard, ['held', 'placed']) };
  },
};

const twoApprovers: Race = {
  name: 'two who decide one hold, one to release and one to reject',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { limitMinor: 0 });
    const orderId = await placed(db, orderOf(stage, [[stage.itemIds[0], 1]]), now);
    const hold = (await db('hold').where({ order_id: orderId, type: 'credit' }).first('id')) as {
      id: string;
    };
    const decide = (decision: 'release' | 'reject') =>
      ({ kind: 'decide', holdId: hold.id, decision, person: `who would ${decision}` }) as const;
    const heard = await contenders.race([decide('release'), decide('reject')], now);
    const state = ((await db('orders').where({ id: orderId }).first('state')) as { state: string }).state;
    // One that was killed after its decision stood hears at its second try that it is decided.
    const faults = expectHeard(
      heard,
      ['already-decided', 'resolved'],
      ['already-decided', 'already-decided'],
    );
    return {
      placed: 1,
      refused: 1,
      faults: ['placed', 'rejected', 'confirmed'].includes(state)
        ? faults
        : [...faults, `the order is ${state}`],
    };
  },
};

const cancelAgainstConfirm: Race = {
  name: 'a cancellation against the ship confirm',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const request = orderOf(stage, [[stage.itemIds[0], 5]]);
    const orderId = await placed(db, request, now);
    const ship = await released(db, orderId, now);
    const cancel = { kind: 'change', request: cancellationOf(request, orderId) } as const;
    const heard = await contenders.race([ship, cancel], now);
    const order = (await db('orders').where({ id: orderId }).first('state', 'invoiced_minor')) as {
      state: string;
      invoiced_minor: number;
    };
    const faults = expectHeard(
      heard,
      ['refused', 'shipped'],
      ['applied', 'recalled-before'],
      ['applied', 'nothing-left'],
    );
    const sound = order.state === 'cancelled' ? order.invoiced_minor === 0 : order.invoiced_minor > 0;
    return {
      placed: 1,
      refused: 1,
      faults: sound
        ? faults
        : [...faults, `the order is ${order.state} and has invoiced ${order.invoiced_minor}`],
    };
  },
};

async function reservedOf(db: Db, orderId: string): Promise<number> {
  return ((await db('order_line').where({ order_id: orderId }).first('reserved')) as { reserved: number })
    .reserved;
}

const receiptAgainstNewOrders: Race = {
  name: 'a receipt, the order that waits for it, and a new order for the same',
  run: async (db, contenders, now) => {
    const stage: Stage = await setStage(db, { onHand: 0 });
    const [item] = stage.itemIds;
    const waiting = await placed(
      db,
      orderOf(stage, [[item, 10]]),
      new Date(Date.parse(now) - 1000).toISOString(),
    );
    const late = orderOf(stage, [[item, 10]]);
    const heard = await contenders.race(
      [
        {
          kind: 'receive',
          eventId: `receipt/${item}`,
          body: { nodeId: 'EAST', lines: [{ itemId: item, quantity: 10 }] },
        },
        { kind: 'plan', orderId: waiting },
        { kind: 'place', request: late },
      ],
      now,
    );
    await db.transaction((tx) => planShipments(tx, waiting, now));
    const latecomer = (await db('orders').where({ po_number: late.purchaseOrderNumber }).first('id')) as {
      id: string;
    };
    const got = [await reservedOf(db, waiting), await reservedOf(db, latecomer.id)];
    const faults = faultsOf(heard);
    const released = (await db('order_line').where({ order_id: waiting }).first('released')) as {
      released: number;
    };
    const right = (got[0] ?? 0) + released.released === 10 && got[1] === 0;
    return {
      placed: 2,
      refused: 0,
      faults: right
        ? faults
        : [
            ...faults,
            `the order that waited has ${got[0]} and ${released.released} released, the new one ${got[1]}`,
          ],
    };
  },
};

/** A budget of a buyer's own company that three of ten orders fit into. */
const budgetAgainstTen: Race = {
  name: 'ten orders of a buyer’s company for one budget',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const day = now.slice(0, 10);
    const saved = { saved_by: 'the race', saved_at: now };
    const { customerId: customer_id } = stage;
    await db('buyer_person').insert({ customer_id, person: 'ben', cost_centre: 'RACE', ...saved });
    // Days are the customer's: the clock's own may be another one.
    const plan = { valid_from: '2000-01-01', valid_to: '2099-12-31', amount_minor: 10_000, currency: 'USD' };
    await db('buyer_budget').insert({ customer_id, cost_centre: 'RACE', ...plan, ...saved });
    const order = () => {
      const request = {
        ...orderOf(stage, [[stage.itemIds[0], 3]]),
        placedBy: 'ben',
        buyer: { person: 'ben' },
      };
      return { kind: 'place', request: { ...request, purchaseOrderDate: day } } as const;
    };
    const heard = await contenders.race(Array.from({ length: 10 }, order), now);
    const spent = (await db('buyer_budget_entry as e')
      .join('buyer_budget as b', 'b.id', 'e.budget_id')
      .where('b.customer_id', customer_id)
      .sum('e.amount_minor as minor')
      .first()) as { minor: string | number | null };
    const three = [...Array(7).fill('held'), ...Array(3).fill('placed')] as string[];
    const faults = expectHeard(heard, three);
    return {
      placed: 3,
      refused: 7,
      faults: Number(spent.minor) === 9_000 ? faults : [...faults, `${spent.minor} of 10000 is spent`],
    };
  },
};

const cartOf = (stage: Stage, reference: string, quantity: number): CartRequest => ({
  customerId: stage.customerId,
  usage: 'P',
  channel: 'api',
  reference,
  minutes: 30,
  allOrNothing: true,
  lines: [{ itemId: stage.itemIds[0], quantity }],
});

async function keptOf(db: Db, itemId: string): Promise<number> {
  const row = (await db('stock_keep').where({ item_id: itemId }).sum('quantity as kept').first()) as {
    kept: string | number | null;
  };
  return Number(row.kept);
}

const cartsForTheLast: Race = {
  name: 'four carts of four for ten units',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { onHand: 10 });
    const carts = ['a', 'b', 'c', 'd'].map(
      (reference) => ({ kind: 'reserve-cart', request: cartOf(stage, reference, 4) }) as const,
    );
    const heard = await contenders.race(carts, now);
    const kept = await keptOf(db, stage.itemIds[0]);
    const faults = expectHeard(heard, ['reserved', 'reserved', 'short', 'short']);
    return { placed: 2, refused: 2, faults: kept === 8 ? faults : [...faults, `${kept} of 8 are kept`] };
  },
};

const cartAgainstOrders: Race = {
  name: 'a cart that is ordered, ordered twice, and two orders that want its units',
  run: async (db, contenders, now) => {
    const stage = await setStage(db, { onHand: 10, backorder: false });
    const [item] = stage.itemIds;
    const reserved = await db.transaction((tx) => reserveCart(tx, cartOf(stage, 'basket', 6), now));
    if (reserved.kind !== 'reserved') throw new Error(`the race's own cart was ${reserved.kind}`);
    const order = (more: object) =>
      ({ kind: 'place', request: { ...orderOf(stage, [[item, 6]]), ...more } }) as const;
    const heard = await contenders.race(
      [order({ cart: 'basket' }), order({ cart: 'basket' }), order({}), order({})],
      now,
    );
    const orders = (await db('order_line').where({ item_id: item })) as { reserved: number }[];
    const got = orders.map((line) => line.reserved).sort((a, b) => b - a);
    const kept = await keptOf(db, item);
    // One that was killed after its order stood hears at its second try that the cart is ordered.
    const faults = expectHeard(
      heard,
      ['placed', 'refused', 'short', 'short'],
      ['refused', 'refused', 'short', 'short'],
    );
    const right = got[0] === 6 && got.length === 1 && kept === 0;
    return {
      placed: 1,
      refused: 3,
      faults: right ? faults : [...faults, `orders have ${got.join(', ')}, ${kept} are still kept`],
    };
  },
};

/** A promotion whose limit covers two of six orders. */
const promotionAgainstSix: Race = {
  name: 'six orders on a promotion for two',
  run: async (db, contenders, now) => {
    const stage = await setStage(db);
    const day = now.slice(0, 10);
    const body = {
      name: 'the race',
      validFrom: day,
      customers: [stage.customerId],
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 2_500,
    };
    await db('rule').insert({
      kind: 'promotion',
      scope: stage.customerId,
      version: 1,
      valid_from: '2026-01-01',
      body: JSON.stringify(body),
    });
    const order = () => {
      const request = { ...orderOf(stage, [[stage.itemIds[0], 10]]), purchaseOrderDate: day };
      return { kind: 'place', request } as const;
    };
    const heard = await contenders.race(Array.from({ length: 6 }, order), now);
    const orders = (await db('orders').where({ customer_id: stage.customerId }).select('charges_minor')) as {
      charges_minor: number;
    }[];
    const given = orders.map((one) => -one.charges_minor).filter((minor) => minor > 0);
    const budget = (await db('promotion_budget')
      .where({ promotion_id: stage.customerId })
      .first('used_minor')) as { used_minor: number };
    const six = Array(6).fill('placed') as string[];
    // One that was killed after its order stood orders again: a duplicate, on hold.
    const faults = expectHeard(heard, six, [...six.slice(1), 'held']);
    const right = given.join() === '1000,1000' && budget.used_minor === 2_000;
    return {
      placed: 6,
      refused: 0,
      faults: right
        ? faults
        : [...faults, `${given.join(', ')} is given, ${budget.used_minor} of the budget`],
    };
  },
};

export const races: readonly Race[] = [
  ...changeRaces,
  ...storeRaces,
  ...supplierRaces,
  budgetAgainstTen,
  promotionAgainstSix,
  cartsForTheLast,
  cartAgainstOrders,
  oppositeLines,
  lastCredit,
  twoApprovers,
  cancelAgainstConfirm,
  receiptAgainstNewOrders,
];
