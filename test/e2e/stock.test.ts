import type { Browser, Page } from 'playwright-core';
import { expectStock } from '../../application/expect-stock';
import { keepStock } from '../../application/keep-stock';
import { type ApiServer, keys, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { logIn, openBrowser, openPage, portalFolder, requirePortal, type Watched } from './portal-page';

jest.setTimeout(120_000);

const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describeWith('chromium', 'stock in the portal', () => {
  let database: TestDatabase;
  let api: ApiServer;
  let browser: Browser;
  let opened: Watched;
  let page: Page;
  beforeAll(async () => {
    requirePortal();
    database = await createTestDatabase({ poolMax: 8 });
    await seedCompany(database.db);
    await database.db.transaction(async (tx) => {
      const now = new Date().toISOString();
      const inbound = { number: 'PUR7', nodeId: 'DAL', usage: 'P', source: 'Mill' } as const;
      const lines = [{ itemId: 'WIDGET', quantity: 600 }];
      await expectStock(tx, { ...inbound, kind: 'purchase', expectedOn: dayFrom(12), lines }, 'olga', now);
      const transfer = { ...inbound, number: 'TR1', kind: 'transfer', expectedOn: dayFrom(4) } as const;
      await expectStock(tx, { ...transfer, lines: [{ itemId: 'WIDGET', quantity: 250 }] }, 'olga', now);
      const kept = { itemId: 'WIDGET', nodeId: 'CHI', usage: 'P', quantity: 120, until: null } as const;
      await keepStock(
        tx,
        { ...kept, for: { kind: 'channel', channel: 'portal' }, reason: 'May', person: 'olga' },
        now,
      );
    });
    api = await startApi(database.db, { portalFolder });
    browser = await openBrowser();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await api.close();
    await database.drop();
  });
  beforeEach(async () => {
    opened = await openPage(browser, api.url);
    page = opened.page;
  });
  afterEach(async () => {
    expect(opened.complaints).toEqual([]);
    expect(opened.strangers).toEqual([]);
    await page.context().close();
  });

  it('each place with all its figures, why so many can be promised, and whether the sums agree', async () => {
    await logIn(page, keys.operations);
    await page.goto('/stock');
    const chicago = page.getByRole('row').filter({ hasText: 'Chicago' }).filter({ hasText: 'WIDGET' });
    await chicago.waitFor();
    expect(await chicago.textContent()).toContain('880');
    await page.getByRole('button', { name: 'What can be promised of WIDGET' }).first().click();
    const drawer = page.getByRole('dialog');
    await drawer
      .getByRole('img', { name: /Can be promised: 910 from .*, 1,160 from .*, 1,760 from/ })
      .waitFor();
    await drawer.getByText('PUR7').waitFor();
    if (process.env['SCREENSHOTS'] !== undefined) await page.waitForTimeout(600);
    if (process.env['SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/stock-drawer.png` });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reconcile' }).click();
    await page.getByText(/All \d+ comparisons agree/).waitFor();
    if (process.env['SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/stock.png` });
  });

  it('a buyer sees totals, what is kept for the portal among them, and no place', async () => {
    await logIn(page, keys.initech);
    await page.goto('/stock');
    await page.getByRole('button', { name: 'What can be promised of WIDGET' }).first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('img', { name: /Can be promised: 1,030 from/ }).waitFor();
    expect(await drawer.getByRole('table').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Reconcile' }).count()).toBe(0);
  });
});
