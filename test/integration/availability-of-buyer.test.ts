import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { addressOfShipTo } from '../../application/stock/asker';
import { reserveCart } from '../../application/stock/reserve-cart';
import { availableToBuyer, showAvailability } from '../../application/stock/show-availability';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db(), { stock: { BOLT: { EAST: 10, WEST: 30 } } });
});
afterEach(() => database.drop());

async function liveRules(...rules: readonly unknown[]): Promise<void> {
  const of = { kind: 'sourcing', scope: 'live', body: { rules }, validFrom: null };
  const saved = await db().transaction((tx) =>
    saveRule(tx, { ...of, note: 'a test', person: 'olga', basedOn: null }),
  );
  expect(saved).toMatchObject({ kind: 'saved' });
}

const acme = { customerId: 'ACME', channel: 'edi' };
const told = async (viewer = acme) =>
  (await availableToBuyer(db(), ['BOLT'], { usage: 'P', now: NOW, viewer })).get('BOLT');
const shipTo = (code: string, region: string) =>
  db()('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code,
    name: code,
    address: JSON.stringify({ lines: ['1 Road'], city: 'X', region, country: 'US' }),
  });

test('a buyer is told what its next order could have: of the nodes that its rule allows', async () => {
  expect(await told()).toBe(40);
  await liveRules({ name: 'acme', when: { customer: 'ACME', channel: 'edi' }, exclude: ['WEST'] });
  expect(await told()).toBe(10);
  expect(await told({ ...acme, channel: 'portal' })).toBe(40);
  const staff = await showAvailability(db(), ['BOLT'], { usage: 'P', now: NOW, viewer: null });
  expect(staff[0]?.dates[0]?.available).toBe(40);
});

test('what comes in counts from its day only where the buyer may have it from', async () => {
  await liveRules({ name: 'acme', when: { customer: 'ACME' }, exclude: ['WEST'] });
  await db()('inbound_stock').insert(
    ['EAST', 'WEST'].map((node_id) => ({
      number: `PO-${node_id}`,
      kind: 'purchase',
      source: 'a supplier',
      item_id: 'BOLT',
      node_id,
      usage: 'P',
      quantity: 7,
      expected_on: '2026-03-09',
      said_by: 'olga',
      said_at: NOW,
    })),
  );
  const [shown] = await showAvailability(db(), ['BOLT'], { usage: 'P', now: NOW, viewer: acme });
  expect(shown?.dates).toEqual([
    { date: '2026-03-02', available: 10 },
    { date: '2026-03-09', available: 17 },
  ]);
});

test('a rule for a region counts for the ship-to that is named; where none is, a buyer is told what it can have at any', async () => {
  await liveRules(
    { name: 'illinois', when: { country: 'US', state: 'IL' }, sequence: [['EAST']] },
    { name: 'us', when: { country: 'US' }, sequence: [['WEST']] },
  );
  expect(await told()).toBe(10);
  await shipTo('DC9', 'TX');
  await shipTo('DC8', 'OK');
  const toldFor = async (id: string) => {
    const address = await addressOfShipTo(db(), 'ACME', { id, idQualifier: '92' });
    if (address === undefined) throw new Error(`no ship-to ${id}`);
    const shown = await showAvailability(db(), ['BOLT'], {
      usage: 'P',
      now: NOW,
      viewer: acme,
      shipTo: address,
    });
    return shown[0]?.dates[0]?.available;
  };
  expect(await toldFor('DC1')).toBe(10);
  expect(await toldFor('DC9')).toBe(30);
  // What goes to Illinois has ten; what is told holds there, too.
  expect(await told()).toBe(10);
  await db()('stock').where({ item_id: 'BOLT', node_id: 'WEST' }).update({ on_hand: 4 });
  expect(await told()).toBe(4);
});

test('a basket that names no ship-to has what its buyer was told: what it could have at any', async () => {
  await liveRules(
    { name: 'illinois', when: { country: 'US', state: 'IL' }, sequence: [['EAST']] },
    { name: 'us', when: { country: 'US' }, sequence: [['WEST']] },
  );
  await shipTo('DC9', 'TX');
  const reserve = (quantity: number, to?: string) =>
    db().transaction((tx) =>
      reserveCart(
        tx,
        {
          customerId: 'ACME',
          usage: 'P',
          channel: 'portal',
          reference: 'basket',
          minutes: 10,
          allOrNothing: true,
          lines: [{ itemId: 'BOLT', quantity }],
          ...(to !== undefined && { shipTo: { id: to, idQualifier: '92' } }),
        },
        NOW,
      ),
    );
  const most = await told();
  expect(most).toBe(10);
  expect(await reserve(11)).toMatchObject({ kind: 'short', missing: [{ quantity: 1 }] });
  expect(await reserve(10)).toMatchObject({ kind: 'reserved' });
  expect(await reserve(30, 'DC9')).toMatchObject({ kind: 'reserved' });
});

test('of days on which something comes in each is the least of its own', async () => {
  await liveRules(
    { name: 'illinois', when: { country: 'US', state: 'IL' }, sequence: [['EAST']] },
    { name: 'us', when: { country: 'US' }, sequence: [['WEST']] },
  );
  await shipTo('DC9', 'TX');
  await db()('inbound_stock').insert({
    number: 'PO-EAST',
    kind: 'purchase',
    source: 'a supplier',
    item_id: 'BOLT',
    node_id: 'EAST',
    usage: 'P',
    quantity: 50,
    expected_on: '2026-03-09',
    said_by: 'olga',
    said_at: NOW,
  });
  const [shown] = await showAvailability(db(), ['BOLT'], { usage: 'P', now: NOW, viewer: acme });
  expect(shown?.dates).toEqual([
    { date: '2026-03-02', available: 10 },
    { date: '2026-03-09', available: 30 },
  ]);
});

test('a basket that names its ship-to is reserved where the rule of that place lets its order come from', async () => {
  await liveRules({ name: 'illinois', when: { country: 'US', state: 'IL' }, sequence: [['EAST']] });
  await shipTo('DC9', 'TX');
  const cart = (id: string) =>
    db().transaction((tx) =>
      reserveCart(
        tx,
        {
          customerId: 'ACME',
          usage: 'P',
          channel: 'api',
          reference: `basket for ${id}`,
          minutes: 15,
          allOrNothing: true,
          lines: [{ itemId: 'BOLT', quantity: 10 }],
          shipTo: { id, idQualifier: '92' },
        },
        NOW,
      ),
    );
  expect(await cart('DC1')).toMatchObject({ kind: 'reserved', lines: [{ nodeId: 'EAST', quantity: 10 }] });
  expect(await cart('DC9')).toMatchObject({ kind: 'reserved', lines: [{ nodeId: 'WEST', quantity: 10 }] });
  expect(await cart('DC7')).toMatchObject({ kind: 'refused', code: 'unknown-ship-to' });
});

test('what others wait for is set aside where they may have it, and first where the buyer may not', async () => {
  await liveRules({ name: 'acme', when: { customer: 'ACME', channel: 'portal' }, sequence: [['EAST']] });
  const placed = await db().transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '50', '10.00')]), NOW),
  );
  expect(placed.kind).toBe('placed');
  await db()('stock').where({ item_id: 'BOLT' }).increment('on_hand', 12);
  // Ten are waited for; WEST has twelve that the portal's buyer may not have.
  expect(await told({ ...acme, channel: 'portal' })).toBe(12);
});

test('a basket is reserved where the rule of its buyer lets its order come from', async () => {
  await liveRules({
    name: 'acme',
    when: { customer: 'ACME', state: 'IL', country: 'US' },
    exclude: ['WEST'],
  });
  const cart = (quantity: number) =>
    db().transaction((tx) =>
      reserveCart(
        tx,
        {
          customerId: 'ACME',
          usage: 'P',
          channel: 'api',
          reference: 'basket',
          minutes: 15,
          allOrNothing: true,
          lines: [{ itemId: 'BOLT', quantity }],
        },
        NOW,
      ),
    );
  expect(await cart(11)).toMatchObject({ kind: 'short', missing: [{ quantity: 1 }] });
  expect(await cart(10)).toMatchObject({
    kind: 'reserved',
    lines: [{ itemId: 'BOLT', nodeId: 'EAST', quantity: 10 }],
  });
});
