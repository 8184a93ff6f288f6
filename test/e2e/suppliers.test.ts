import type { Page } from 'playwright-core';
import { describeWith } from '../support/needs';
import { agreeOnReports, report } from '../support/supplier-reports';
import { SupplierStand } from '../support/supplier-stand';
import { setUpPartner } from '../support/trading-partner';
import { lookAt } from './look-at';
import { giveKey, logIn, openPage, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'suppliers in the portal', () => {
  let stand: SupplierStand;
  let page: Page;
  const portal = visitPortal(async () => {
    stand = await SupplierStand.open();
    await setUpPartner(stand.db, { partnerId: 'MILL' });
    await giveKey(stand.db, 'key-of-olga', {
      name: 'Olga, operations',
      person: 'olga',
      roles: ['operations'],
      scopes: ['orders:read', 'prices:read', 'prices:write', 'partners:read', 'partners:write'],
    });
    await giveKey(stand.db, 'key-of-fay', {
      name: 'Fay, finance',
      person: 'fay',
      roles: ['finance'],
      scopes: ['orders:read', 'credit:read', 'exceptions:read'],
    });
    await giveKey(stand.db, 'key-of-bo', {
      name: 'Bo, Acme',
      person: 'bo',
      scopes: ['orders:read', 'prices:read', 'inventory:read'],
      customer_id: 'ACME',
    });
    await giveKey(stand.db, 'key-of-stan', {
      name: 'Stan, stock',
      person: 'stan',
      roles: ['operations'],
      scopes: ['orders:read', 'inventory:read'],
    });
    return { db: stand.db, close: () => stand.door.database.drop() };
  });
  beforeEach(() => {
    page = portal.page;
  });
  /** Somebody else at a desk of their own. */
  const asAnother = async (key: string) => {
    await page.context().close();
    ({ page } = await openPage(portal.browser, portal.api.url));
    await logIn(page, key);
  };
  const dialog = () => page.getByRole('dialog');

  it('a trading partner becomes a supplier with its item, cost and lead time, by forms', async () => {
    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Suppliers', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'FORGE-DS' }).waitFor();
    await page.getByRole('button', { name: 'New supplier…' }).click();
    await dialog().getByLabel('Trading partner').fill('MILL');
    await dialog().getByLabel('Node').fill('MILL-DS');
    await dialog().getByLabel('Name of the place').fill('Mill, Dayton');
    await dialog().getByLabel('Street').fill('7 Mill Road');
    await dialog().getByLabel('City').fill('Dayton');
    await dialog().getByLabel('State').fill('OH');
    await dialog().getByLabel('Answers within, hours').fill('8');
    await dialog()
      .getByLabel(/Bills at most/)
      .fill('2.5');
    await dialog().getByLabel('What it has to backorder').selectOption('re-source');
    await lookAt(page, 'supplier-form');
    await dialog().getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row').filter({ hasText: 'MILL-DS' });
    await row.getByText('Answers within 8 hours').waitFor();
    await row.getByText('7 Mill Road, Dayton OH, US').waitFor();
    await row.getByText('Bills up to 2.5 % above its cost').waitFor();
    await lookAt(page, 'suppliers');

    // A new supplier never overwrites one that is there.
    await page.getByRole('button', { name: 'New supplier…' }).click();
    await dialog().getByLabel('Trading partner').fill('MILL');
    await dialog().getByLabel('Node').fill('MILL-DS');
    await dialog().getByLabel('Name of the place').fill('Somewhere else');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('It is there already').waitFor();
    await dialog().getByText('Node MILL-DS is there already: give the new one another name').waitFor();
    await lookAt(page, 'supplier-there-already');
    await dialog().getByRole('button', { name: 'Leave it' }).click();
    await row.getByText('Answers within 8 hours').waitFor();
    expect(await stand.db('node').where({ id: 'MILL-DS' }).pluck('name')).toEqual(['Mill, Dayton']);

    // Two look at the same: the second is told, sees what the first has saved, and decides again.
    await page.getByRole('button', { name: 'Edit MILL-DS' }).click();
    const [mill] = (await portal.api.get('/api/v1/suppliers', 'key-of-olga')).body.items.filter(
      (one: { node: string }) => one.node === 'MILL-DS',
    );
    const { partner, items: _items, openOrders: _open, version, ...agreed } = mill;
    const faster = { ...agreed, partner: partner.id, answerHours: 12 };
    const saved = await portal.api.post('/api/v1/suppliers', faster, 'key-of-olga', {
      'if-match': `"${version}"`,
    });
    expect(saved.status).toBe(200);
    await row.getByText('Answers within 12 hours').waitFor();
    await dialog().getByLabel('Name of the place').fill('Mill, Dayton East');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('It was changed meanwhile').waitFor();
    await dialog().getByText('Go back: the page shows how it is now').waitFor();
    await lookAt(page, 'supplier-changed-meanwhile');
    await dialog().getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: 'Edit MILL-DS' }).click();
    expect(await dialog().getByLabel('Answers within, hours').inputValue()).toBe('12');
    await dialog().getByLabel('Name of the place').fill('Mill, Dayton East');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });

    await page.getByText('Items and costs').click();
    await page.getByRole('button', { name: 'New item…' }).click();
    await dialog().getByRole('textbox', { name: /^Item/ }).fill('NUT');
    await dialog().getByLabel('Supplier’s node').fill('MILL-DS');
    await dialog().getByLabel('The supplier’s number').fill('M-NUT');
    await dialog().getByLabel('Base units of one').fill('100');
    await dialog().getByLabel('Cost of one').fill('1.234567');
    await dialog().getByLabel('Lead time, days').fill('5');
    await dialog().getByLabel('The supplier is asked').selectOption('when-short');
    await lookAt(page, 'supplier-item-form');
    await dialog().getByRole('button', { name: 'Save' }).click();
    const item = page.getByRole('row').filter({ hasText: 'M-NUT' });
    await item.getByText('5 days').waitFor();
    expect(
      await stand.db('item_supplier').where({ item_id: 'NUT' }).first('unit_cost', 'lead_days', 'updated_by'),
    ).toMatchObject({ unit_cost: '1.234567', lead_days: 5, updated_by: 'olga' });
    await lookAt(page, 'supplier-items');

    // Somebody else has changed it since it was looked at: that is not overwritten.
    await page.getByRole('button', { name: 'Edit NUT at MILL-DS' }).click();
    await stand.db('item_supplier').where({ item_id: 'NUT' }).update({ unit_cost: '1.30', version: 2 });
    await dialog().getByLabel('Cost of one').fill('1.10');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('It was changed meanwhile').waitFor();
    await dialog().getByRole('button', { name: 'Leave it' }).click();
    await item.getByText(/1\.30/).waitFor();
    await page.getByRole('button', { name: 'Edit NUT at MILL-DS' }).click();
    await dialog().getByLabel('Cost of one').fill('1.10');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await item.getByText(/1\.10/).waitFor();
  });

  it('what a supplier says it has is on the page Stock as its word; a buyer sees what it can have, and no supplier', async () => {
    const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const coming = [`SCH*50*EA***018*${dayFrom(9).replaceAll('-', '')}`];
    await agreeOnReports(stand);
    await report(stand, 'R1', '20260301', 120, { coming });
    await stand.ordered('20');
    await logIn(page, 'key-of-stan');
    await page.getByRole('link', { name: 'Stock', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'ANVIL' });
    await row.getByText('supplier, said').waitFor();
    expect(await row.textContent()).toMatch(/120.*20.*100/);
    await page.getByRole('button', { name: 'What can be promised of ANVIL' }).click();
    await dialog()
      .getByRole('img', { name: /Can be promised: 100 from .*, 150 from/ })
      .waitFor();
    await dialog().getByText('FORGE ships to customers itself: on hand is what it said').waitFor();
    await dialog().getByText('FORGE (supplier)').waitFor();
    await lookAt(page, 'supplier-stock');

    await asAnother('key-of-bo');
    await page.goto('/stock');
    await page.getByRole('row').filter({ hasText: 'ANVIL' }).getByText('100').waitFor();
    await page.getByRole('button', { name: 'What can be promised of ANVIL' }).click();
    await dialog()
      .getByRole('img', { name: /Can be promised: 100 from .*, 150 from/ })
      .waitFor();
    await lookAt(page, 'supplier-stock-of-buyer');
    expect(await page.getByText(/FORGE|supplier/i).count()).toBe(0);
  });

  it('finance settles an invoice that does not match; operations sees it and cannot, a buyer sees nothing of it', async () => {
    const { orderId, number } = await stand.ordered('10');
    await stand.answer(number, ['ACK*IA*10*EA*068*20260420']);
    await stand.shipped(number, 'SN1', 4);
    await stand.bill(number, 'INV1', 4, '7.00', 2800);

    await logIn(page, 'key-of-olga');
    await page.getByRole('link', { name: 'Supplier orders' }).click();
    await page.getByText(/billed at 7/).waitFor();
    expect(await page.getByRole('button', { name: 'Accept invoice INV1' }).count()).toBe(0);

    await asAnother('key-of-fay');
    await page.getByRole('link', { name: 'Supplier orders' }).click();
    await lookAt(page, 'supplier-orders');
    await page.getByRole('button', { name: 'Accept invoice INV1' }).click();
    await dialog().getByText('Nothing of it').waitFor({ state: 'detached' });
    await dialog().getByLabel('Reason').fill('The new price was agreed by phone');
    await lookAt(page, 'supplier-invoice');
    await dialog().getByRole('button', { name: 'Accept' }).click();
    await page.getByText('fay: The new price was agreed by phone').waitFor();
    await page.getByRole('button', { name: 'Post invoice INV1 again' }).waitFor();
    expect(await stand.supplierLine(number)).toMatchObject({ billed: 4 });

    await asAnother('key-of-bo');
    await page.goto(`/orders/${orderId}`);
    // The day that the supplier named is the buyer's to know; who supplies is not.
    await page.getByText('6 for', { exact: false }).first().waitFor();
    await lookAt(page, 'order-rescheduled');
    expect(await page.getByText(number).count()).toBe(0);
    expect(await page.getByText('FORGE').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Suppliers' }).count()).toBe(0);
  });
});
