import { keys, seedCompany } from '../support/api-ground';
import { saveRuleNow } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { lookAt } from './look-at';
import { logIn, openPage, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'drafts and quotes in the portal', () => {
  let database: TestDatabase;

  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      await seedCompany(database.db);
      return { db: database.db, close: () => database.drop() };
    },
    { onePage: true, refusals: true },
  );

  it('a buyer makes an order of a quote at its prices, and the quote says which one', async () => {
    const lines = [
      { item: 'WIDGET', quantity: '12' },
      { item: 'GADGET', quantity: '2' },
    ];
    const { body: quote } = await portal.api.post('/api/v1/quotes', { lines }, keys.initech);
    await portal.api.post(
      '/api/v1/drafts',
      { lines: [...lines, { item: 'NO-SUCH', quantity: '1' }] },
      keys.initech,
    );
    const { page } = portal;
    await logIn(page, keys.initech);
    await page.getByRole('link', { name: 'Quotes' }).click();
    await page.getByRole('link', { name: quote.number }).click();
    await page.getByText('Total $125.00').waitFor();
    await page.getByRole('button', { name: 'Order…' }).click();
    await page.getByLabel('Purchase order number').fill('FROM-QUOTE');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('FROM-QUOTE').first().waitFor();
    const order = await database.db('orders').where({ po_number: 'FROM-QUOTE' }).first();
    expect(order.total_minor).toBe(12_500);
    await page.getByRole('link', { name: 'Quotes' }).click();
    await page.getByRole('link', { name: order.order_number }).waitFor();
  });

  it('a draft says what is to be corrected before it can be ordered', async () => {
    const { page } = portal;
    await page.getByRole('link', { name: 'Drafts' }).click();
    await page.getByRole('link', { name: /^D1/ }).click();
    await page.getByText('the item is not known').first().waitFor();
    await page.getByRole('button', { name: 'Order…' }).click();
    await page.getByLabel('Purchase order number').fill('FROM-DRAFT');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('line 3: the item is not known', { exact: false }).first().waitFor();
    await portal.shot('draft');
    expect(await database.db('orders').where({ po_number: 'FROM-DRAFT' })).toEqual([]);
    await page.getByRole('button', { name: 'Back' }).click();
    // The row that cannot be ordered is taken out, and the rest is ordered.
    await page.getByRole('button', { name: 'Lines…' }).click();
    const lines = page.getByLabel('Lines', { exact: true });
    expect(await lines.inputValue()).toContain('NO-SUCH\t1\tEA');
    await lines.fill('item\tquantity\nWIDGET\t12\nGADGET;2;EA');
    await page.getByText('2 lines').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Total $125.00').waitFor();
    await page.getByRole('button', { name: 'Order…' }).click();
    await page.getByLabel('Purchase order number').fill('FROM-DRAFT');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('FROM-DRAFT').first().waitFor();
  });

  it('a buyer begins a draft from rows of a spreadsheet; what cannot be read is said, and nothing is sent', async () => {
    const { page } = portal;
    await page.getByRole('link', { name: 'Drafts' }).click();
    await page.getByRole('button', { name: 'New draft…' }).click();
    const lines = page.getByLabel('Lines', { exact: true });
    await lines.fill('WIDGET\t12\tEA\nGADGET\tmany');
    await page.getByText('Row 2: "many" is not a quantity (GADGET)').waitFor();
    expect(await page.getByRole('button', { name: 'Begin draft' }).isDisabled()).toBe(true);
    await lines.fill('WIDGET 12\nGADGET,2');
    await portal.shot('draft-new');
    await page.getByRole('button', { name: 'Begin draft' }).click();
    await page.getByText('Total $125.00').waitFor();
  });

  it('sales answers a quote with prices, at which the buyer orders', async () => {
    await saveRuleNow(database.db, 'price-override', 'customer-service', { maximumPercent: '60' });
    const body = { lines: [{ item: 'WIDGET', quantity: '10' }], purchaseOrderNumber: 'ASKED' };
    const { body: quote } = await portal.api.post('/api/v1/quotes', body, keys.initech);
    const seller = await openPage(portal.browser, portal.api.url);
    await logIn(seller.page, keys.clerk);
    await seller.page.goto(`/quotes/${quote.id}`);
    await seller.page.getByRole('button', { name: /^(Answer|New prices)…$/ }).click();
    await seller.page.getByLabel(/^Line 1: 10 EA of WIDGET/).fill('4.25');
    await lookAt(seller.page, 'draft-answer');
    await seller.page.getByRole('button', { name: 'Answer', exact: true }).click();
    await seller.page.getByText('Total $42.50').waitFor();
    const { page } = portal;
    await page.goto(`/quotes/${quote.id}`);
    await page.getByText('Total $42.50').waitFor();
    expect(await page.getByRole('button', { name: /^(Answer|New prices)…$/ }).count()).toBe(0);
    await seller.page.context().close();
  });
});
