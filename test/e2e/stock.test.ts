import type { Page } from 'playwright-core';
import { expectStock } from '../../application/stock/expect-stock';
import { keepStock } from '../../application/stock/keep-stock';
import { keys, seedCompany } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { logIn, visitPortal } from './portal-page';

jest.setTimeout(120_000);

const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describeWith('chromium', 'stock in the portal', () => {
  let database: TestDatabase;
  let page: Page;
  const portal = visitPortal(async () => {
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
    return { db: database.db, close: () => database.drop() };
  });
  beforeEach(() => {
    page = portal.page;
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
    await portal.shot('stock-drawer');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reconcile' }).click();
    await page.getByText(/All \d+ comparisons agree/).waitFor();
    await portal.shot('stock');
  });

  it('a buyer sees totals, what is kept for the portal among them, and no place', async () => {
    await logIn(page, keys.initech);
    await page.goto('/stock');
    await page.getByRole('button', { name: 'What can be promised of WIDGET' }).first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('img', { name: /Can be promised: 1,030 from/ }).waitFor();
    expect(await drawer.getByRole('table').count()).toBe(0);
    await portal.shot('stock-buyer-drawer');
    await page.keyboard.press('Escape');
    await portal.shot('stock-buyer');
    expect(await page.getByRole('button', { name: 'Reconcile' }).count()).toBe(0);
  });
});
