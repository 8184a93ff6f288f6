import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type ApiProcess, startApiProcess } from '../../bench/race/api-process';
import { seededChance } from '../../bench/seeded-chance';
import { sweepStock } from '../../worker/jobs/sweep-stock';
import { line, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Carts of four for ten units: two fit. */
const BUYERS = ['ann', 'bob', 'cyd', 'dan', 'eve', 'fay'];
const UNITS = 10;
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
const chance = seededChance(seed);

interface Answer {
  readonly status: number;
  readonly body: { readonly lines?: readonly { readonly reserved: number }[]; readonly status?: string };
}

describe(`an API process that is killed while it reserves carts (FAULT_SEED=${seed})`, () => {
  let database: TestDatabase;
  let api: ApiProcess;
  let started = 0;
  const db = () => database.db;
  const start = async () => {
    started += 1;
    api = await startApiProcess(`carts-${process.pid}-${started}`, { DATABASE_URL: database.url });
  };

  beforeAll(async () => {
    database = await createTestDatabase({ poolMax: 4 });
    await seedCompany(db(), { stock: { BOLT: { CENTRAL: UNITS } }, policy: { backorder: true } });
    // An order on hold keeps nobody from anything: credit is to be known.
    await db()('receivables_snapshot').update({ as_of: new Date().toISOString() });
    await db()('api_key').insert({
      name: 'shop',
      secret_hash: createHash('sha256').update('key-of-the-shop').digest('hex'),
      scopes: ['orders:read', 'orders:write', 'inventory:read'],
      customer_id: 'ACME',
    });
    await start();
  }, 120_000);
  afterAll(async () => {
    await api?.program.stop();
    await database?.drop();
  });

  /** As a careful shop does: the same request under the same key until somebody answers. */
  async function ask(path: string, body: object | null, key = ''): Promise<Answer> {
    for (;;) {
      try {
        const response = await fetch(`${api.url}/api/v1${path}`, {
          method: body === null ? 'GET' : 'POST',
          headers: {
            authorization: 'Bearer key-of-the-shop',
            'content-type': 'application/json',
            ...(body !== null && { 'idempotency-key': key }),
          },
          ...(body !== null && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        // What the killed process began under the key is not rolled back yet.
        if (response.status === 409 && response.headers.has('retry-after')) throw new Error('still open');
        return { status: response.status, body: JSON.parse(text) as Answer['body'] };
      } catch {
        await pause(50);
      }
    }
  }
  const reserve = (cartId: string, minutes = 30) =>
    ask('/carts', { cartId, minutes, lines: [{ item: 'BOLT', quantity: 4 }] }, `cart-${cartId}`);
  const orderCart = (cartId: string) =>
    ask(
      '/orders',
      {
        purchaseOrderNumber: `PO-${cartId}`,
        shipTo: { id: 'DC1' },
        cartId,
        lines: [{ item: 'BOLT', quantity: '4' }],
      },
      `order-${cartId}`,
    );
  const kept = async () =>
    Number(((await db()('stock_keep').sum('quantity as n').first()) as { n: string | null }).n);
  const free = async () => {
    const { body } = await ask('/availability?items=BOLT', null);
    return (body as { items?: { dates: { available: number }[] }[] }).items?.[0]?.dates[0]?.available;
  };
  async function killMeanwhile<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
    await pause(chance() * 120);
    await api.program.kill();
    await start();
    return Promise.all(work);
  }

  test('every shop hears an answer, no unit is kept twice, and the ledgers are equal', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const carts = BUYERS.map((buyer) => `${buyer}-${round}`);
      const answers = await killMeanwhile(carts.map((cart) => reserve(cart)));
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
        201, 201, 409, 409, 409, 409,
      ]);
      expect(await kept()).toBe(8);
      expect(await free()).toBe(2);
      expect(await reconcileRecord(db())).toEqual([]);
      const [first = '', second = ''] = carts.filter((_, at) => answers[at]?.status === 201);
      // The process that answers now knows the carts of the one that is gone.
      expect(await ask(`/carts/${first}`, null)).toMatchObject({
        body: { status: 'active', lines: [{ reserved: 4 }] },
      });
      for (const cart of [first, second]) await ask(`/carts/${cart}/release`, {}, `back-${cart}`);
      expect(await kept()).toBe(0);
    }
  }, 180_000);

  test('what it held is ordered once by another process, and what nobody orders goes to those who wait when its time is over', async () => {
    expect((await reserve('bought')).status).toBe(201);
    expect((await reserve('left', 1)).status).toBe(201);
    const waiting = await db().transaction((tx) =>
      placeOrder(
        tx,
        purchaseOrder([line('BOLT', '6', '10.00')], { channel: 'api' }),
        new Date().toISOString(),
      ),
    );
    if (waiting.kind !== 'placed') throw new Error(waiting.kind);
    const [bought, again] = await killMeanwhile([orderCart('bought'), orderCart('bought')]);
    expect([bought?.status, again?.status]).toEqual([201, 201]);
    expect(again?.body).toEqual(bought?.body);
    const reservedOf = async (po: string) =>
      (
        (await db()('order_line as l')
          .join('orders as o', 'o.id', 'l.order_id')
          .where('o.po_number', po)
          .select('l.reserved')) as { reserved: number }[]
      ).map(({ reserved }) => reserved);
    expect(await reservedOf('PO-bought')).toEqual([4]);
    expect(await kept()).toBe(4);

    // Its minute is over.
    const past = new Date(Date.now() - 1000).toISOString();
    await db()('cart').where({ reference: 'left' }).update({ expires_at: past });
    await db()('stock_keep').where({ kind: 'cart' }).andWhere('quantity', '>', 0).update({ until: past });
    await sweepStock({ db: db() } as Parameters<typeof sweepStock>[0]);
    expect(await kept()).toBe(0);
    expect(await ask('/carts/left', null)).toMatchObject({ body: { status: 'expired', lines: [] } });
    // An order of it now is an order like any other: what has come free is for who waited.
    expect((await orderCart('left')).status).toBe(201);
    expect(await reservedOf('PO-left')).toEqual([0]);
    const woken = await db().raw(
      `select key from graphile_worker.jobs where task_identifier = 'signal-order' and key = ?`,
      [`signal-order/${waiting.orderId}`],
    );
    expect(woken.rows).toHaveLength(1);
    expect(await reconcileRecord(db())).toEqual([]);
  }, 120_000);
});
