import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { watchMilestones } from '../../application/monitoring/watch-milestones';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { createEdiSupplier } from '../../gateway/outbound/edi-supplier';
import { warehouseOfNode } from '../../worker/outside';
import { describeWith, placeOf } from '../support/needs';
import { supplierAnswer, supplierBill, supplierNotice } from '../support/supplier-documents';
import { SupplierPost } from '../support/supplier-mail';
import { setUpSupplier } from '../support/supplier-stand';
import { askChange } from './ask-change';
import { OrderStage, quietRuntime } from './order-stage';
import { orderRequest, seedAgreement } from './seed';

const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const day = (days: number) => later(24 * days).slice(0, 10);
const compact = (date: string) => date.replaceAll('-', '');

describeWith('temporal', 'an order that a supplier ships', () => {
  let stage: OrderStage;
  let post: SupplierPost;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), policy: { changeWindowSeconds: 0 } });
    const { db } = stage;
    await seedAgreement(db);
    await db('item').insert({ id: 'ANVIL', description: 'Anvil', base_unit: 'EA', weight_grams: 20_000 });
    await db('item_unit').insert({ item_id: 'ANVIL', unit: 'EA', factor: 1 });
    await db('item_cross_reference').insert({ qualifier: 'VP', value: 'ANVIL', item_id: 'ANVIL' });
    await db('price').insert({ price_list_id: 'STD', item_id: 'ANVIL', unit: 'EA', unit_price: '12.00' });
    await setUpSupplier(db, {
      policy: { answerHours: 4 },
      items: { ANVIL: { sourcing: 'always' }, BOLT: { sourcing: 'drop-ship-orders' } },
    });
    post = new SupplierPost(db);
    const over = stage.outside.warehouse;
    const supplier = createEdiSupplier(db, () => new Date().toISOString());
    Object.assign(stage.outside, {
      warehouse: warehouseOfNode(db, { rest: over, edi: over, store: over, supplier }),
    });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });
  afterEach(async () => {
    expect(await reconcileRecord(stage.db)).toEqual([]);
  });

  /** An order of an item by the supplier, and the number of the supplier's order once its 850 is written. */
  async function ordered(quantity: number, item = 'ANVIL', more: Parameters<typeof orderRequest>[1] = {}) {
    const request = orderRequest(quantity);
    const lines = request.lines.map((line) => ({
      ...line,
      productIds: [{ qualifier: 'VP', value: item }],
    }));
    const orderId = await stage.order(quantity, { lines, ...more });
    await stage.until(orderId, 'released', (p) => p.shipments.some((s) => s.state === 'released'));
    const { number } = await stage.db('supplier_order').where({ order_id: orderId }).first('number');
    await post.hears(`BEG*00*DS*${number}*`);
    return { orderId, number: number as string };
  }
  const line = (orderId: string) =>
    stage
      .db('order_line')
      .where({ order_id: orderId })
      .first('ordered', 'cancelled', 'reserved', 'released', 'shipped');
  const stateOf = async (number: string) =>
    (await stage.db('supplier_order').where({ number }).first('state')).state;
  async function reaches(number: string, state: string): Promise<void> {
    while ((await stateOf(number)) !== state) await pause(25);
  }
  const open = (orderId: string) =>
    stage.db('exception').where({ order_id: orderId, status: 'open' }).orderBy('id').pluck('kind');
  /** What the buyer was told, without what went to the supplier. */
  const told = async (orderId: string) =>
    stage
      .db('document_request')
      .where({ order_id: orderId, partner_id: 'acme' })
      .orderBy('id')
      .pluck('set_id');

  test('goes from its 850 over 855, two 856 and 810 to its end; what was refused is cancelled, the rest stays open until it ships', async () => {
    const { orderId, number } = await ordered(10);
    await post.send('855', supplierAnswer(number, ['ACK*IA*6*EA*068*' + compact(day(9)), 'ACK*IR*4*EA']));
    await reaches(number, 'acknowledged');
    expect(await line(orderId)).toEqual({ ordered: 10, cancelled: 4, reserved: 0, released: 6, shipped: 0 });
    await post.send('856', supplierNotice(number, 'SN1', 4));
    await stage.until(orderId, 'invoiced in part', (p) => p.shipments.some((s) => s.state === 'invoiced'));
    expect(await line(orderId)).toMatchObject({ released: 2, shipped: 4 });
    expect(await stateOf(number)).toBe('partly-shipped');
    expect((await stage.progress(orderId)).state).toBe('fulfilling');
    // The day that it named passes: somebody owns that it has not come.
    await watchMilestones(stage.db, later(24 * 12));
    // The hub's own clock, which is not there yet, may close it again meanwhile.
    expect(await stage.db('exception').where({ order_id: orderId }).pluck('text')).toContainEqual(
      expect.stringContaining(`Order ${number} at supplier FORGE is not shipped completely by the supplier`),
    );
    await post.send('856', supplierNotice(number, 'SN2', 2));
    await stage.ended(orderId);
    await post.send('810', supplierBill(number, 'INV1', 4));
    await post.send('810', supplierBill(number, 'INV2', 2));
    await reaches(number, 'billed');
    while ((await stage.db('supplier_invoice').where({ state: 'posted' })).length < 2) await pause(25);
    const posted = stage.outside
      .callsFor(orderId)
      .filter(({ operation }) => operation === 'supplier-invoice');
    expect(posted.map(({ subject }) => subject).sort()).toEqual(['INV1', 'INV2']);
    await watchMilestones(stage.db, later(24 * 12));
    expect(await open(orderId)).toEqual([]);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await line(orderId)).toMatchObject({ cancelled: 4, released: 0, shipped: 6 });
    const sets = await told(orderId);
    expect(sets.filter((set) => set !== '855')).toEqual(['856', '810', '856', '810']);
    expect(sets[0]).toBe('855');
    expect(stage.outside.callsFor(orderId).filter(({ operation }) => !operation.endsWith('invoice'))).toEqual(
      [],
    );
    await stage.keepHistory(orderId, 'drop-ship');
  });

  test('that the supplier refuses goes from the company’s own stock, and ends', async () => {
    const body = { rules: [{ name: 'forge-first', when: {}, sequence: [['FORGE-DS'], ['CHI']] }] };
    await stage.db('rule').insert({
      kind: 'sourcing',
      scope: 'live',
      version: 1,
      body: JSON.stringify(body),
      valid_from: '2000-01-01',
    });
    const { orderId, number } = await ordered(10, 'BOLT');
    await post.send('855', supplierAnswer(number, ['ACK*IR*10*EA'], { acknowledgment: 'RD', item: 'BOLT' }));
    await reaches(number, 'cancelled');
    await stage.until(orderId, 'with the warehouse', (p) => p.shipments.some((s) => s.state === 'released'));
    const own = await stage
      .db('shipment')
      .where({ order_id: orderId, state: 'released' })
      .first('id', 'node_id');
    expect(own.node_id).toBe('CHI');
    await stage.confirm(own.id);
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await line(orderId)).toMatchObject({ cancelled: 0, shipped: 10 });
    await stage.keepHistory(orderId, 'drop-ship-refused');
  });

  test('that is cancelled is taken back by 860, and cancelled when the supplier’s 865 says so', async () => {
    const { orderId, number } = await ordered(10);
    const changeId = await cancel(orderId);
    await post.hears(`BCH*01*DS*${number}*`);
    expect((await stage.progress(orderId)).state).not.toBe('cancelled');
    await post.send('865', [
      `BCA*01*AT*${number}**1*${compact(day(0))}`,
      'POC*1*DI*10*0*EA*6.25**VN*F-ANVIL',
      'ACK*ID*10*EA',
      'CTT*1',
    ]);
    expect(await decided(changeId)).toBe('applied');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    expect(await stateOf(number)).toBe('cancelled');
    await stage.keepHistory(orderId, 'drop-ship-cancelled');
  });

  test('that left before the cancel was answered is shipped and billed: the notice has won', async () => {
    const { orderId, number } = await ordered(10);
    const changeId = await cancel(orderId);
    await post.hears(`BCH*01*DS*${number}*`);
    await post.send('856', supplierNotice(number, 'SN9', 10));
    await post.send('865', [`BCA*01*AT*${number}**1*${compact(day(0))}`, 'CTT*0']);
    expect(await decided(changeId)).toBe('refused');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await line(orderId)).toMatchObject({ shipped: 10, cancelled: 0 });
    await stage.keepHistory(orderId, 'drop-ship-cancel-too-late');
  });

  const cancel = (orderId: string) => askChange(stage, orderId, { purpose: 'cancel' });

  /** What became of a change, once its order's workflow has decided it. */
  async function decided(changeId: string): Promise<string> {
    for (;;) {
      const { status } = await stage.db('order_change').where({ id: changeId }).first('status');
      if (status !== 'pending') return status;
      await pause(25);
    }
  }
});
