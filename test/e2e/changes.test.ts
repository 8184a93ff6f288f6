import type { Page } from 'playwright-core';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { giveBuyer } from '../support/give-buyer';
import { describeWith } from '../support/needs';
import type { OrderStage } from '../workflow/order-stage';
import { giveKey, logIn, visitPortal } from './portal-page';
import { onStage, openStage } from './stage-ground';

jest.setTimeout(120_000);

describeWith('chromium', 'changing an order in the portal', () => {
  let stage: OrderStage;
  let page: Page;

  const portal = visitPortal(async () => {
    // A limit of 100.00 and bolts at 1.50; nothing goes to a warehouse while the test looks.
    stage = await openStage({
      limitMinor: 10_000,
      policy: { changeWindowSeconds: 86_400 },
    });
    await giveKey(stage.db, 'key-clara', {
      name: 'Clara, customer service',
      person: 'clara',
      roles: ['customer-service'],
      scopes: ['orders:read', 'orders:write', 'holds:read', 'credit:read'],
    });
    await giveBuyer(stage.db, 'key-ben', { person: 'ben', customerId: 'ACME', roles: ['buyer'] });
    return onStage(stage);
  });
  beforeEach(() => {
    page = portal.page;
  });
  afterEach(async () => {
    expect(await reconcileRecord(stage.db)).toEqual([]);
  });

  const confirmed = async () => {
    const orderId = await stage.order(10);
    await stage.until(orderId, 'confirmed', (progress) => progress.state === 'confirmed');
    return orderId;
  };
  const dialog = () => page.getByRole('dialog');
  const openDialog = async (key: string, orderId: string) => {
    await logIn(page, key);
    await page.goto(`/orders/${orderId}`);
    await page.getByRole('button', { name: 'Change the order…' }).click();
    await dialog().getByLabel('Quantity of line 1').waitFor();
  };

  it('a buyer sees what less of it costs and what a new line adds, without the credit, and then has it changed', async () => {
    const orderId = await confirmed();
    await openDialog('key-ben', orderId);
    expect(await dialog().getByRole('button', { name: 'What comes of it?' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Quantity of line 1').fill('4');
    await dialog().getByLabel('Deliver by', { exact: true }).fill('2099-01-31');
    await dialog().getByRole('button', { name: 'Add a line' }).click();
    await dialog().getByLabel('Item of new line 1').fill('BOLT');
    await dialog().getByLabel('Quantity of new line 1').fill('2');
    await portal.shot('change-form');
    await dialog().getByRole('button', { name: 'What comes of it?' }).click();
    const total = dialog().getByRole('row').filter({ hasText: 'Total' });
    await total.getByText('$15.00').waitFor();
    await total.getByText('$9.00').waitFor();
    await dialog().getByText('new line').waitFor();
    expect(await dialog().getByText('Credit headroom').count()).toBe(0);
    await portal.shot('change-preview-buyer');
    await dialog().getByRole('button', { name: 'Change the order' }).click();
    await page.getByText('Change: applied').waitFor();
    await page.getByRole('region', { name: 'Change by ben' }).getByText('Applied').waitFor();
    const lines = await stage.db('order_line').where({ order_id: orderId }).orderBy('line_number');
    expect(lines).toMatchObject([{ ordered: 4 }, { ordered: 2 }]);
    expect(await stage.db('orders').where({ id: orderId }).first()).toMatchObject({
      total_minor: 900,
      deliver_by: '2099-01-31',
    });
  });

  it('customer service sees the hold that more would cause; it waits, the order stands, and it can be taken back', async () => {
    const orderId = await confirmed();
    await openDialog('key-clara', orderId);
    await dialog().getByLabel('Quantity of line 1').fill('100');
    await dialog().getByRole('button', { name: 'What comes of it?' }).click();
    await dialog().getByText('The order takes the account over its credit limit').waitFor();
    await dialog().getByText('Credit headroom').waitFor();
    await portal.shot('change-preview-staff');
    await dialog().getByRole('button', { name: 'Ask for it' }).click();
    const waits = page.getByRole('region', { name: 'Change by clara' });
    await waits.getByText('the order stands as it is until then').waitFor();
    await page.getByText('On hold: credit, of a change that is asked for').waitFor();
    await portal.shot('change-waits');
    expect(await stage.db('order_line').where({ order_id: orderId }).first()).toMatchObject({ ordered: 10 });
    await waits.getByRole('button', { name: 'Take it back' }).click();
    await waits.getByText('Withdrawn').waitFor();
    expect(await stage.db('hold').where({ order_id: orderId, status: 'open' })).toEqual([]);
  });

  it('what was seen of an older order is not done: it is looked at again first', async () => {
    const orderId = await confirmed();
    await openDialog('key-ben', orderId);
    await dialog().getByLabel('Quantity of line 1').fill('4');
    await dialog().getByRole('button', { name: 'What comes of it?' }).click();
    const change = dialog().getByRole('button', { name: 'Change the order' });
    await change.waitFor();
    // Somebody else has changed it meanwhile.
    await stage.db('orders').where({ id: orderId }).increment('version', 1);
    await change.click();
    await dialog().getByText('It was changed meanwhile').waitFor();
    expect(await stage.db('order_change').where({ order_id: orderId })).toEqual([]);
    await dialog().getByRole('button', { name: 'What comes of it?' }).click();
    await change.click();
    await page.getByText('Change: applied').waitFor();
    expect(await stage.db('order_line').where({ order_id: orderId }).first()).toMatchObject({ ordered: 4 });
  });

  it('what the rules forbid is not offered, and a wrong entry says why', async () => {
    await stage.db('rule').insert({
      kind: 'modification',
      scope: '*',
      version: 1,
      body: JSON.stringify({
        cells: [
          { type: 'quantity-up', level: 'line', statuses: ['confirmed'], verdict: 'disallow' },
          { type: 'delete-line', level: 'line', statuses: ['confirmed'], verdict: 'disallow' },
          { type: 'ship-to', level: 'header', statuses: ['confirmed'], verdict: 'disallow' },
          { type: 'add-line', level: 'header', statuses: ['confirmed'], verdict: 'disallow' },
        ],
      }),
    });
    await openDialog('key-ben', await confirmed());
    expect(await dialog().getByLabel('Delete line 1').isDisabled()).toBe(true);
    expect(await dialog().getByRole('button', { name: 'Add a line' }).count()).toBe(0);
    expect(await dialog().getByText('Another ship-to').count()).toBe(0);
    await dialog().getByLabel('Quantity of line 1').fill('11');
    await dialog().getByText('Not more than now').waitFor();
    expect(await dialog().getByRole('button', { name: 'What comes of it?' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Quantity of line 1').fill('9');
    expect(await dialog().getByRole('button', { name: 'What comes of it?' }).isEnabled()).toBe(true);
  });
});
