import type { Page } from 'playwright-core';
import { keys, seedCompany } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { giveKey, logIn, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'long lists in the portal', () => {
  let database: TestDatabase;
  let page: Page;

  const portal = visitPortal(async () => {
    database = await createTestDatabase();
    await seedCompany(database.db);
    return { db: database.db, close: () => database.drop() };
  });
  beforeEach(() => {
    page = portal.page;
  });

  const place = async (purchaseOrderNumber: string, lines: number) => {
    const { status, body } = await portal.api.post(
      '/api/v1/orders',
      {
        purchaseOrderNumber,
        lines: Array.from({ length: lines }, () => ({ item: 'WIDGET', quantity: '1', unit: 'EA' })),
      },
      keys.initech,
    );
    expect(status).toBe(201);
    return body as { readonly id: string };
  };

  test('an order of 130 lines shows a hundred, and the others when asked', async () => {
    const { id } = await place('LONG', 130);
    await logIn(page, keys.initech);
    await page.goto(`/orders/${id}`);
    const lines = page.getByRole('table', { name: 'Lines of order' });
    await page.getByText('100 of 130 shown').waitFor();
    expect(await lines.getByRole('row').count()).toBe(101);
    await page.getByRole('button', { name: 'Show 30 more' }).click();
    await lines.getByRole('row').nth(130).waitFor();
    expect(await page.getByRole('button', { name: /^Show \d+ more/ }).count()).toBe(0);
  });

  test('more prices than a page holds are on the next one', async () => {
    await giveKey(database.db, 'key-sam', {
      name: 'Sam, sales',
      person: 'sam',
      scopes: ['orders:read', 'prices:read'],
    });
    const tiers = Array.from({ length: 60 }, (_, at) => ({
      price_list_id: 'STANDARD',
      item_id: 'WIDGET',
      unit: 'EA',
      minimum_quantity: at + 2,
      unit_price: '1.00',
    }));
    await database.db('price').insert(tiers);
    await logIn(page, 'key-sam');
    await page.goto('/prices');
    await page.getByText('from 61 EA').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('from 2 EA').waitFor();
  });

  test('who reads a list in blocks stays where they are when it refreshes itself', async () => {
    for (let order = 0; order < 20; order++) await place(`SCROLL${order}`, 1);
    await page.setViewportSize({ width: 390, height: 844 });
    await logIn(page, keys.initech);
    await page.goto('/orders');
    await page.getByText('SCROLL19').waitFor();
    // As in browsers that do not keep the place by themselves.
    await page.evaluate(`document.documentElement.style.overflowAnchor = 'none'`);
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    const before = await page.evaluate<number>('window.scrollY');
    await place('NEWCOMER', 1);
    await page.getByText('NEWCOMER').waitFor();
    expect(await page.evaluate<number>('window.scrollY')).toBe(before);
  });

  test('every place of the menu can be reached on a low screen, which says whose times these are', async () => {
    await page.setViewportSize({ width: 1366, height: 300 });
    await logIn(page, keys.initech);
    const last = page.getByRole('link', { name: 'API reference' });
    await last.scrollIntoViewIfNeeded();
    const { y = 1_000, height = 0 } = (await last.boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(300);
    await page.getByText('Times are those of America/Chicago').waitFor();
  });
});
