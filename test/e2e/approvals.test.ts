import type { Page } from 'playwright-core';
import { saveBuyerBudget, saveBuyerPerson } from '../../application/approval/buyer-settings';
import { keys, seedCompany } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { giveBuyer } from '../support/give-buyer';
import { describeWith } from '../support/needs';
import { logIn, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'holds and approvals in the portal', () => {
  let database: TestDatabase;
  let page: Page;

  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      await seedCompany(database.db);
      await giveBuyer(database.db, 'key-of-ida', { person: 'ida', customerId: 'INITECH', roles: ['buyer'] });
      const now = new Date().toISOString();
      await database.db.transaction(async (tx) => {
        const common = { costCentre: 'LAB', mayApprove: false, approvesUpToMinor: null };
        await saveBuyerPerson(tx, 'INITECH', { ...common, person: 'ivan', limitMinor: 5_000 }, 'ida', now);
        await saveBuyerPerson(
          tx,
          'INITECH',
          { ...common, person: 'ida', limitMinor: null, mayApprove: true },
          'ida',
          now,
        );
        await saveBuyerBudget(
          tx,
          'INITECH',
          { costCentre: 'LAB', from: '2020-01-01', to: '2099-12-31', amountMinor: 100_000 },
          'ida',
          now,
        );
      });
      return { db: database.db, close: () => database.drop() };
    },
    { refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });

  let orders = 0;
  const order = async (quantity: string) =>
    (
      await portal.api.post(
        '/api/v1/orders',
        { purchaseOrderNumber: `E${++orders}`, lines: [{ item: 'WIDGET', quantity, unit: 'EA' }] },
        keys.initech,
      )
    ).body;

  it('a buyer’s approver sees what waits, why, and what is left of the budget', async () => {
    await order('3');
    const waiting = await order('20');
    await logIn(page, 'key-of-ida');
    await page.getByRole('link', { name: 'Approvals' }).click();
    const row = page.getByRole('row').filter({ hasText: waiting.orderNumber });
    await row.getByText('above the spending limit').waitFor();
    await page.getByRole('row').filter({ hasText: 'LAB' }).getByText('$970.00').waitFor();
    await portal.shot('approvals');
    await row.getByRole('button', { name: `Approve ${waiting.orderNumber}` }).click();
    await page.getByLabel('Reason').fill('needed for the trial');
    // Temporal is away here: the page says so and decides nothing.
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('The workflow engine is away').waitFor();
  });

  it('finance puts an order on hold, and is told who may lift it', async () => {
    const { id } = await order('1');
    await logIn(page, keys.finance);
    await page.goto(`/orders/${id}`);
    await page.getByRole('button', { name: 'Put on hold…' }).click();
    await page.getByLabel('Reason').fill('the customer rang');
    await page.getByRole('button', { name: 'Put on hold', exact: true }).click();
    await page.getByText('fiona: the customer rang').first().waitFor();
    await page.getByText('Waiting for it: the answer, the release, the shipment').waitFor();
    await page.getByRole('button', { name: 'Who may decide?' }).click();
    await page.getByRole('dialog').getByText('As finance').first().waitFor();
    await portal.shot('hold');
  });
});
