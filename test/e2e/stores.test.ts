import type { Page } from 'playwright-core';
import { keepNoticeOutcome } from '../../application/notice/keep-notices';
import { answerOrder } from '../../application/order/answer-order';
import { line, purchaseOrder } from '../support/company';
import { describeWith } from '../support/needs';
import { StoreStand } from '../support/store-stand';
import { lookAt } from './look-at';
import { giveKey, logIn, openPage, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'stores in the portal', () => {
  let stand: StoreStand;
  let page: Page;
  const portal = visitPortal(async () => {
    stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 100, 'STORE-B': 100 } } });
    // Countdowns are against the browser's clock.
    stand.now = new Date().toISOString();
    await giveKey(stand.db, 'key-of-ann', {
      name: 'Ann, store A',
      person: 'ann',
      scopes: ['stores:work'],
      node_id: 'STORE-A',
    });
    await giveKey(stand.db, 'key-of-bo', {
      name: 'Bo, Acme',
      person: 'bo',
      scopes: ['orders:read', 'orders:write'],
      customer_id: 'ACME',
    });
    await giveKey(stand.db, 'key-of-olga', {
      name: 'Olga, operations',
      person: 'olga',
      scopes: ['partners:write', 'orders:read', 'exceptions:write'],
    });
    return { db: stand.db, close: () => stand.close() };
  });
  beforeEach(() => {
    page = portal.page;
  });

  it('a store’s person takes a shipment from the offer to the carrier by keyboard, and hands a pickup over for its code', async () => {
    const shipped = await stand.order(purchaseOrder([line('BOLT', '4', '10.00')]));
    const fetched = await stand.order(purchaseOrder([line('BOLT', '6', '10.00')], { pickupAt: 'STORE-A' }));
    const { release_number: ship } = await stand.task(shipped);
    const { release_number: pickup } = await stand.task(fetched);
    await logIn(page, 'key-of-ann');
    await page.getByRole('heading', { name: 'Store tasks' }).waitFor();
    // Nothing else is theirs.
    expect(await page.getByRole('link', { name: 'Orders' }).count()).toBe(0);
    await page
      .getByRole('row')
      .filter({ hasText: ship })
      .getByText(/Accept in/)
      .waitFor();
    await portal.shot('store-tasks');
    await page.getByRole('button', { name: `Accept ${ship}` }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Picked ${ship}` }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Picked: BOLT/).fill('3');
    await dialog.getByText('What is missing leaves the stock').waitFor();
    await portal.shot('store-pick');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Packed ${ship}` }).click();
    await page.getByRole('button', { name: `Give to carrier ${ship}` }).click();
    await dialog.getByRole('button', { name: 'The carrier has it' }).click();
    await page.getByRole('row').filter({ hasText: ship }).waitFor({ state: 'detached' });
    expect((await stand.task(shipped)).state).toBe('shipped');

    await page.getByRole('button', { name: `Accept ${pickup}` }).click();
    await page.getByRole('button', { name: `Picked ${pickup}` }).click();
    await dialog.getByRole('button', { name: 'Picked' }).click();
    await page.getByRole('button', { name: `Hand over ${pickup}` }).waitFor();

    const buyers = await openPage(portal.browser, portal.api.url);
    await logIn(buyers.page, 'key-of-bo');
    await buyers.page.goto(`/orders/${fetched}`);
    await buyers.page.getByRole('button', { name: 'Pickup code' }).click();
    const code = (await buyers.page.getByRole('status').locator('strong').textContent()) ?? '';
    expect(code).toMatch(/^\d{8}$/);
    await buyers.page.getByLabel('Where you wait').fill('Bay 3');
    await buyers.page.getByRole('button', { name: 'I am here' }).click();
    await buyers.page.getByText(/Brought out in/).waitFor();
    await lookAt(buyers.page, 'order-pickup');
    await buyers.page.context().close();

    await page.getByText('Buyer is here: Bay 3').waitFor();
    await portal.shot('store-arrived');
    await page.getByRole('button', { name: `Hand over ${pickup}` }).click();
    await dialog.getByRole('textbox', { name: 'Code' }).fill(code);
    await portal.shot('store-hand-over');
    await dialog.getByRole('button', { name: 'Handed over' }).click();
    await page.getByRole('row').filter({ hasText: pickup }).waitFor({ state: 'detached' });
    expect((await stand.task(fetched)).state).toBe('handed-over');
  });

  it('an administrator gives somebody of a store a key, who logs in with it, and revokes it', async () => {
    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Store keys' }).click();
    await page.getByRole('row').filter({ hasText: 'Ann, store A' }).waitFor();
    await page.getByRole('button', { name: 'New key…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Store').selectOption('STORE-B');
    await dialog.getByLabel('Person').fill('ben');
    await dialog.getByLabel('Name on the key').fill('Ben, store B');
    expect(await dialog.getByLabel('Valid for, days').inputValue()).toBe('365');
    await dialog.getByLabel('Valid for, days').fill('10');
    await portal.shot('store-key-form');
    await dialog.getByRole('button', { name: 'Give the key' }).click();
    const key = await dialog.getByLabel('Access key').inputValue();
    await portal.shot('store-key-once');
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row').filter({ hasText: 'Ben, store B' }).getByText('by olga').waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByText('ends in 9 d').waitFor();
    await portal.shot('store-keys');

    const ben = await openPage(portal.browser, portal.api.url);
    await logIn(ben.page, key);
    await ben.page.getByRole('heading', { name: 'Store tasks' }).waitFor();
    await ben.page.getByText('Your key ends soon').waitFor();
    await lookAt(ben.page, 'key-ends-soon');
    await ben.page.context().close();

    await page.getByRole('button', { name: 'Revoke the key of Ben, store B' }).click();
    await dialog.getByLabel('Reason').fill('Ben works elsewhere');
    await dialog.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('row').filter({ hasText: 'Ben, store B' }).waitFor({ state: 'detached' });
    await page.getByText('Ended', { exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Ben works elsewhere' }).waitFor();
    await portal.shot('store-keys-ended');
  });

  it('operations sees the notices that failed, why and whose they are, and has one tried again', async () => {
    const orderId = await stand.order(
      purchaseOrder([line('BOLT', '2', '10.00')], { pickupAt: 'STORE-A', notify: 'purchasing@acme.example' }),
    );
    await stand.acceptAndPick(orderId, { 1: 2 });
    const { id } = await stand.db('notice').where({ order_id: orderId }).first('id');
    const refused = { kind: 'refused', reason: 'the mail server does not know the mailbox (550)' } as const;
    await stand.run((tx) => keepNoticeOutcome(tx, id, refused, new Date().toISOString()));
    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Notices' }).click();
    const row = page.getByRole('row').filter({ hasText: 'purchasing@acme.example' });
    await row.getByText('does not know the mailbox').waitFor();
    await row.getByText('nobody yet').waitFor();
    await portal.shot('notices-failed');
    await page.getByRole('link', { name: 'nobody yet' }).click();
    await page.getByRole('link', { name: 'Notice', exact: true }).click();
    await page.getByRole('button', { name: /^Try again: purchasing@acme.example/ }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByText('Waiting', { exact: true }).click();
    await row.getByText('not tried yet').waitFor();
    await stand.run((tx) => keepNoticeOutcome(tx, id, { kind: 'sent' }, new Date().toISOString()));
    await page.getByText('Arrived', { exact: true }).first().click();
    await row.waitFor();
    await portal.shot('notices-arrived');
  });

  it('a buyer who orders chooses the store to pick it up at, and who is told; what is short is said on the order', async () => {
    await stand.db('receivables_snapshot').update({ as_of: new Date().toISOString() });
    const lines = [{ item: 'BOLT', quantity: '5' }];
    const { body: draft } = await portal.api.post('/api/v1/drafts', { lines }, 'key-of-bo');
    await logIn(page, 'key-of-bo');
    await page.goto(`/drafts/${draft.id}`);
    await page.getByRole('button', { name: 'Order…' }).click();
    await page.getByLabel('Purchase order number').fill('AT-THE-STORE');
    expect(await page.getByRole('combobox', { name: 'Store' }).count()).toBe(0);
    await page.getByLabel('Picked up at a store').check();
    await page.getByText('Open: Mon to Sat 09:00 to 18:00. Kept for 5 days').waitFor();
    await page.getByRole('combobox', { name: 'Store' }).click();
    await page.getByRole('option', { name: 'STORE-B' }).click();
    await page.getByLabel('Tell by mail').fill('bo@acme.example');
    await lookAt(page, 'order-at-store');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('Picked up at', { exact: true }).waitFor();
    const order = await stand.db('orders').where({ po_number: 'AT-THE-STORE' }).first('id', 'request');
    expect(order.request).toMatchObject({ pickupAt: 'STORE-B', notify: 'bo@acme.example' });
    await stand.run((tx) => answerOrder(tx, order.id, 'final', stand.now));
    await stand.plan(order.id);
    const short = await stand.acceptAndPick(order.id, { 1: 3 });
    expect(short.node_id).toBe('STORE-B');
    await page.reload();
    await page.getByText('3 of 5 units are ready; 2 were not on the shelf').waitFor();
    await page.getByText(/Kept until/).waitFor();
    await lookAt(page, 'order-short-pickup');
  });
});
