import type { Page } from 'playwright-core';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { createEdiSupplier } from '../../gateway/outbound/edi-supplier';
import { warehouseOfNode } from '../../worker/outside';
import { describeWith } from '../support/needs';
import { SupplierPost } from '../support/supplier-mail';
import { setUpSupplier } from '../support/supplier-stand';
import type { OrderStage } from '../workflow/order-stage';
import { orderRequest, seedAgreement } from '../workflow/seed';
import { giveKey, logIn, visitPortal } from './portal-page';
import { onStage, openStage } from './stage-ground';

jest.setTimeout(120_000);

describeWith('chromium', 'operations helps on orders that wait for somebody', () => {
  let stage: OrderStage;
  let post: SupplierPost;
  let page: Page;
  const portal = visitPortal(async () => {
    stage = await openStage({ policy: { changeWindowSeconds: 0, maximumShipments: 1 } });
    const { db } = stage;
    await seedAgreement(db);
    await db('item').insert({ id: 'NUT', description: 'Nut M8', base_unit: 'EA', weight_grams: 5 });
    await db('item_unit').insert({ item_id: 'NUT', unit: 'EA', factor: 1 });
    await db('item_cross_reference').insert({ qualifier: 'VP', value: 'NUT', item_id: 'NUT' });
    await db('price').insert({ price_list_id: 'STD', item_id: 'NUT', unit: 'EA', unit_price: '0.25' });
    await db('stock').insert({ item_id: 'NUT', node_id: 'DAL', usage: 'P', on_hand: 1000 });
    await setUpSupplier(db, { items: { BOLT: { sourcing: 'drop-ship-orders' } } });
    post = new SupplierPost(db);
    const over = stage.outside.warehouse;
    const supplier = createEdiSupplier(db, () => new Date().toISOString());
    Object.assign(stage.outside, {
      warehouse: warehouseOfNode(db, { rest: over, edi: over, store: over, supplier }),
    });
    await giveKey(db, 'key-of-olga', {
      name: 'Olga, operations',
      person: 'olga',
      roles: ['operations'],
      scopes: ['orders:read', 'orders:write', 'exceptions:read', 'exceptions:write'],
    });
    await giveKey(db, 'key-of-rita', {
      name: 'Rita, reports',
      person: 'rita',
      roles: ['operations'],
      scopes: ['orders:read'],
    });
    return onStage(stage);
  });
  beforeEach(() => {
    page = portal.page;
  });
  afterEach(async () => {
    expect(await reconcileRecord(stage.db)).toEqual([]);
  });
  const dialog = () => page.getByRole('dialog');
  const released = (orderId: string) =>
    stage
      .db('shipment')
      .where({ order_id: orderId, state: 'released' })
      .orderBy('node_id')
      .select('id', 'node_id') as Promise<{ id: string; node_id: string }[]>;
  /** All that is with warehouses is confirmed, and the order comes to its end. */
  async function shipped(orderId: string): Promise<readonly string[]> {
    const shipments = await released(orderId);
    for (const { id } of shipments) await stage.confirm(id);
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    return shipments.map(({ node_id }) => node_id);
  }

  it('an order with no shipment left for what waits is found among the exceptions, allowed one more, and ships', async () => {
    const request = orderRequest(10);
    const [bolts] = request.lines;
    if (!bolts) throw new Error('no line');
    const nuts = { ...bolts, buyerLineNumber: '2', productIds: [{ qualifier: 'VP', value: 'NUT' }] };
    const orderId = await stage.order(10, { lines: [bolts, nuts] });
    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Exceptions' }).click();
    const row = page.getByRole('row').filter({ hasText: 'no shipment left for it' });
    await row.waitFor();
    await portal.shot('shipments-used-up-exception');
    await row.getByRole('link').first().click();
    const section = page.getByRole('region', { name: 'Where it ships from and why' });
    await section.getByRole('button', { name: 'Allow more shipments…' }).waitFor();
    await portal.shot('shipments-used-up-order');
    await section.getByRole('button', { name: 'Allow more shipments…' }).click();
    await portal.shot('allow-shipments-form');
    const allow = dialog().getByRole('button', { name: 'Allow', exact: true });
    await dialog().getByText('It may have 1 shipment now').waitFor();
    expect(await dialog().getByLabel('Shipments in all').inputValue()).toBe('2');
    expect(await allow.isDisabled()).toBe(true);
    await dialog().getByLabel('Reason').fill('The buyer takes two');
    await allow.click();
    await page.getByText('What waits for one more shipment is sourced again').waitFor();
    await section.getByText('at most 2 shipments (a person)').waitFor();
    await stage.until(
      orderId,
      'with both warehouses',
      ({ shipments }) => shipments.length === 2 && shipments.every(({ state }) => state === 'released'),
    );
    await section.getByRole('button', { name: 'Allow more shipments…' }).waitFor({ state: 'detached' });
    await page.getByText('olga lets it have 2 shipments: The buyer takes two').waitFor();
    await portal.shot('shipments-allowed');
    await page.getByRole('link', { name: 'Exceptions' }).click();
    await page.getByText('no shipment left for it').waitFor({ state: 'detached' });
    expect(await shipped(orderId)).toEqual(['CHI', 'DAL']);
  });

  it('a supplier that does not answer is given up on its page: own stock ships the order to its end', async () => {
    const orderId = await stage.order(10, { type: 'drop-ship' });
    await stage.until(orderId, 'with the supplier', (p) => p.shipments.some((s) => s.state === 'released'));
    const { number } = await stage.db('supplier_order').where({ order_id: orderId }).first('number');
    await post.hears(`BEG*00*DS*${number}*`);

    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Supplier orders' }).click();
    await page.getByRole('button', { name: `Give up ${number}` }).waitFor();
    await portal.shot('supplier-order-unanswered');
    await page.getByRole('button', { name: `Give up ${number}` }).click();
    await dialog().getByText('The supplier is asked to take it back').waitFor();
    await portal.shot('give-up-form');
    await dialog().getByRole('button', { name: 'Back' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await stage.db('supplier_order').where({ number }).first('state')).toEqual({ state: 'sent' });

    await page.getByRole('button', { name: `Give up ${number}` }).click();
    await dialog().getByLabel('Reason').fill('No answer since Monday');
    await dialog().getByRole('button', { name: 'Give up', exact: true }).click();
    await page.getByText(`What was open of ${number} is sourced elsewhere`).waitFor();
    await page.getByRole('button', { name: `Give up ${number}` }).waitFor({ state: 'detached' });
    await portal.shot('supplier-order-given-up');
    const row = page.getByRole('row').filter({ hasText: number });
    await row.getByText('asked for, not answered yet').waitFor();
    await post.hears(`BCH*01*DS*${number}*`);
    await stage.until(orderId, 'with a warehouse', (p) => p.shipments.some((s) => s.state === 'released'));
    await page.goto(`/orders/${orderId}`);
    await page.getByText(/does not ship 10 of BOLT .*olga gives it up: No answer since Monday/).waitFor();
    await portal.shot('order-given-up-supplier');
    expect(await shipped(orderId)).toEqual(['CHI']);
  });

  it('who may only read is offered neither', async () => {
    const orderId = await stage.order(10, { type: 'drop-ship' });
    await stage.until(orderId, 'with the supplier', (p) => p.shipments.some((s) => s.state === 'released'));
    await logIn(page, 'key-of-rita');
    await page.goto(`/orders/${orderId}`);
    await page.getByRole('region', { name: 'Shipped by suppliers' }).waitFor();
    expect(await page.getByRole('button', { name: /^Give up|^Allow more/ }).count()).toBe(0);
  });
});
