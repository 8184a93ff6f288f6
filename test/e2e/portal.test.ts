import type { Page } from 'playwright-core';
import { describeWith } from '../support/needs';
import type { OrderStage } from '../workflow/order-stage';
import { lookAt } from './look-at';
import { giveKey, logIn, visitPortal } from './portal-page';
import { onStage, openStage } from './stage-ground';

jest.setTimeout(120_000);

const staff = [
  'orders:read',
  'holds:read',
  'inventory:read',
  'documents:read',
  'exceptions:read',
  'credit:read',
];

describeWith('chromium', 'the portal', () => {
  let stage: OrderStage;
  let page: Page;

  const portal = visitPortal(async () => {
    // A limit of 100.00: an order of 100 bolts at 1.50 goes over it.
    stage = await openStage({ limitMinor: 10_000 });
    await giveKey(stage.db, 'key-fiona', {
      name: 'Fiona, finance',
      person: 'fiona',
      roles: ['finance'],
      scopes: [...staff, 'holds:decide'],
    });
    await giveKey(stage.db, 'key-olga', {
      name: 'Olga, operations',
      person: 'olga',
      roles: ['operations'],
      scopes: [
        ...staff,
        'holds:decide',
        'exceptions:write',
        'orders:write',
        'prices:read',
        'prices:write',
        'rules:read',
        'rules:write',
        'partners:read',
        'partners:write',
        'stores:work',
      ],
    });
    await giveKey(stage.db, 'key-ben', {
      name: 'Ben, buyer',
      person: 'ben',
      roles: ['buyer'],
      customer_id: 'ACME',
      scopes: ['orders:read', 'orders:write', 'inventory:read'],
    });
    return onStage(stage);
  });
  beforeEach(() => {
    page = portal.page;
  });

  const heldOrder = async () => {
    const orderId = await stage.order(100);
    await stage.until(orderId, 'held', (progress) => progress.state === 'held');
    await stage.taken(orderId);
    return stage.db('orders').where({ id: orderId }).first('id', 'order_number', 'po_number');
  };
  const rowOf = (order: { order_number: string }) =>
    page.getByRole('row').filter({ hasText: order.order_number });

  it('says what to do when a key is wrong', async () => {
    await page.goto('/');
    await page.getByLabel('Access key').fill('not-a-key');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Check it, or ask for a new one' }).waitFor();
  });

  it('lets finance approve a held order with a reason, and shows it go on by itself', async () => {
    const order = await heldOrder();
    await logIn(page, 'key-fiona');
    await page.getByRole('heading', { name: 'Held orders' }).waitFor();
    const row = rowOf(order);
    await row.getByText('The order takes the account over its credit limit').waitFor();
    await row.getByText('Over the limit with this order').waitFor();
    await row.getByText('$150.00').waitFor();

    await row.getByRole('button', { name: `Approve ${order.order_number}` }).click();
    const dialog = page.getByRole('dialog', { name: `Approve order ${order.order_number}` });
    expect(await dialog.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('They pay on Friday');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('The hold is released.').waitFor();
    await rowOf(order).waitFor({ state: 'detached' });
    expect(await stage.db('hold').where({ order_id: order.id }).first()).toMatchObject({
      status: 'released',
      resolved_by: 'fiona',
      resolution_reason: 'They pay on Friday',
    });

    await page.goto(`/orders/${order.id}`);
    await page.getByText('fiona releases the credit hold: They pay on Friday').waitFor();
    const { shipments } = await stage.until(
      order.id,
      'released',
      (p) => p.shipments[0]?.state === 'released',
    );
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    // Nobody reloads: the page follows the order to its invoice.
    await page.getByRole('heading', { name: 'Invoices' }).waitFor();
    await page.getByText('Completed').first().waitFor();
  });

  it('lets finance reject one, and the order says who and why', async () => {
    const order = await heldOrder();
    await logIn(page, 'key-fiona');
    await page.goto(`/orders/${order.id}`);
    await page.getByRole('button', { name: `Reject ${order.order_number}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('No payment since May');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('fiona rejects the credit hold: No payment since May').waitFor();
    await page.getByText('Rejected').first().waitFor();
  });

  it('tells a second person who decided meanwhile', async () => {
    const order = await heldOrder();
    const hold = await stage.db('hold').where({ order_id: order.id, status: 'open' }).first('id');
    await logIn(page, 'key-fiona');
    await rowOf(order)
      .getByRole('button', { name: `Approve ${order.order_number}` })
      .click();
    await stage.engine.resolveHold(order.id, {
      holdId: hold.id,
      action: 'reject',
      person: 'frank',
      roles: ['finance'],
      reason: 'too late',
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('All is well');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    const alert = dialog.getByRole('alert');
    await alert.filter({ hasText: 'decided already' }).waitFor();
    expect(await alert.textContent()).toContain('frank');
    // The browser notes every answer of 409 in its console; that one was wanted.
    portal.opened?.complaints.splice(0);
  });

  it('shows operations why an order is held, and leaves the decision to those whose it is', async () => {
    const order = await heldOrder();
    await logIn(page, 'key-olga');
    await page.goto('/holds');
    await rowOf(order).getByText('not yours to decide').waitFor();
    await page.getByRole('link', { name: order.order_number }).click();
    await page.getByRole('heading', { name: `Order ${order.order_number}` }).waitFor();
    await page.getByText('Credit decision').waitFor();
    await page.getByText(/Rule exposure-within-limit/).click();
    await page.getByText('"overMinor"').waitFor();
  });

  it('shows a buyer own orders and no work of the seller', async () => {
    const order = await heldOrder();
    await logIn(page, 'key-ben');
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.getByLabel('Number').fill(order.po_number);
    await rowOf(order).getByText('Held').waitFor();
    expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toEqual([
      'Orders',
      'Drafts',
      'Quotes',
      'Approvals',
      'Limits and budgets',
      'Stock',
      'API reference',
    ]);
    await page.getByRole('link', { name: order.order_number }).click();
    await page.getByText('On hold: credit').waitFor();
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
    expect(await page.getByText('Credit decision').count()).toBe(0);
  });

  it('is worked by keyboard alone', async () => {
    const order = await heldOrder();
    await page.goto('/');
    await page.getByLabel('Access key').waitFor();
    await page.keyboard.type('key-fiona');
    await page.keyboard.press('Enter');
    await rowOf(order).waitFor();
    await page.getByRole('button', { name: `Reject ${order.order_number}` }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Wrong goods');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await stage.db('hold').where({ order_id: order.id, status: 'open' }).first()).toBeDefined();
  });

  it('ends the session when logging out', async () => {
    await logIn(page, 'key-ben');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Access key').waitFor();
    await page.goto('/orders');
    await page.getByLabel('Access key').waitFor();
  });

  it.each([
    ['key-olga', ['/orders', '/drafts', '/quotes', '/supplier-orders', '/suppliers', '/sourcing']],
    ['key-olga', ['/holds', '/holds?status=released', '/credit-cases', '/credit', '/exceptions', '/prices']],
    ['key-olga', ['/documents', '/interchanges', '/stock', '/store-tasks', '/company', '/nowhere']],
    ['key-olga', ['/rules', '/rules/authority', '/rules/hold-type', '/exceptions?status=resolved']],
    ['key-ben', ['/orders', '/drafts', '/quotes', '/approvals', '/company', '/stock']],
  ])('is for those who do not see it well, too: %s at %j', async (key, paths) => {
    await logIn(page, key);
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // Whatever it reads is there, or said to be missing.
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
      await lookAt(page, `${key}${path.replaceAll(/\W/g, '-')}`);
      expect([path, await page.getByRole('heading', { level: 1 }).count()]).toEqual([path, 1]);
    }
  });

  it.each(['key-fiona', 'key-ben'])('and its order, held, as %s sees it', async (key) => {
    const order = await heldOrder();
    await page.goto('/');
    await page.getByLabel('Access key').waitFor();
    await lookAt(page, 'login');
    await logIn(page, key);
    await page.goto(`/orders/${order.id}`);
    await page.getByText('On hold: credit').waitFor();
    await lookAt(page, `${key}-order`);
  });
});
