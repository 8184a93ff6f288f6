import type { Page } from 'playwright-core';
import { keys, orderOf, seedCompany } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { lookAt } from './look-at';
import { logIn, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'credit accounts in the portal', () => {
  let database: TestDatabase;
  let page: Page;

  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      await seedCompany(database.db);
      await database.db('credit_account').insert({
        id: 'CA-GROUP',
        entity_id: 'HUBCO',
        name: 'Initech Group',
        currency: 'USD',
        limit_minor: 900_000,
      });
      return { db: database.db, close: () => database.drop() };
    },
    { refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });

  const account = () => portal.api.get('/api/v1/credit-accounts/CA-INITECH', keys.finance);
  const openAccount = async () => {
    await logIn(page, keys.finance);
    await page.getByRole('link', { name: 'Credit accounts' }).click();
    await page.getByRole('link', { name: 'INITECH', exact: true }).click();
    await page.getByRole('heading', { name: 'Credit of INITECH' }).waitFor();
  };
  const dialog = () => page.getByRole('dialog');

  it('finance sets limit, validity, class and the account above, and reads who set what and why', async () => {
    await portal.api.post('/api/v1/orders', orderOf(20), keys.initech);
    await openAccount();
    await lookAt(page, 'credit-account-untouched');
    await page.getByRole('button', { name: 'Limit and account…' }).click();
    await dialog().getByLabel('Limit (USD)').fill('six thousand');
    await dialog().getByText('An amount such as 1250.00').waitFor();
    await dialog().getByLabel('Limit (USD)').fill('6,000.50');
    await dialog().getByLabel('Valid to').fill('2099-12-31');
    await dialog().getByLabel('Risk class').fill('B');
    await dialog().getByLabel('Account above').fill('CA-GRUOP');
    await dialog().getByLabel('Reason').fill('yearly review');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('There is no credit account CA-GRUOP').waitFor();
    await lookAt(page, 'credit-account-refused');
    await dialog().getByLabel('Account above').fill('CA-GROUP');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    const row = page.getByRole('row').filter({ hasText: 'yearly review' });
    await row.getByText('$6,000.50').waitFor();
    await row.getByText('$5,000.00').waitFor();
    await row.getByText('fiona').waitFor();
    await page.getByText('Under Initech Group').waitFor();
    expect((await account()).body).toMatchObject({
      standingLimit: { amountMinor: 600_050 },
      limitValidTo: '2099-12-31',
      riskClass: 'B',
      parentId: 'CA-GROUP',
      blocked: false,
    });
    await lookAt(page, 'credit-account-changed');
  });

  it('what somebody else saved meanwhile is not overwritten, and what a field may not be is said by its name', async () => {
    await openAccount();
    await page.getByRole('button', { name: 'Limit and account…' }).click();
    await dialog().getByLabel('Limit (USD)').fill('1');
    await dialog().getByLabel('Reason').fill('a slip of the pen');
    const { status } = await portal.api.post(
      '/api/v1/credit-accounts/CA-INITECH/changes',
      { limitMinor: 550_000, reason: 'set by the manager' },
      keys.manager,
    );
    expect(status).toBe(200);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('look at it first').waitFor();
    expect((await account()).body).toMatchObject({ standingLimit: { amountMinor: 550_000 } });
    await dialog().getByLabel('Risk class').fill('no class');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Risk class: ').waitFor();
  });

  it('a temporary limit is set and taken back, an invoice disputed and settled', async () => {
    await openAccount();
    await page.getByRole('button', { name: 'Temporary limit…' }).click();
    await dialog().getByLabel('Amount on top of the limit (USD)').fill('900000');
    await dialog().getByLabel('Reason').fill('season');
    await dialog().getByRole('button', { name: 'Set a temporary limit' }).click();
    await dialog().getByText('above what your role "finance" may approve').waitFor();
    await dialog().getByLabel('Amount on top of the limit (USD)').fill('250');
    await dialog().getByRole('button', { name: 'Set a temporary limit' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Dispute OLD-INITECH' }).click();
    await dialog().getByLabel('About').selectOption('quality');
    await dialog().getByLabel('What the customer says').fill('arrived broken');
    await dialog().getByRole('button', { name: 'Open the dispute' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Withdraw $250.00' }).waitFor();
    await page.getByRole('button', { name: 'Close the dispute about OLD-INITECH' }).waitFor();
    await lookAt(page, 'credit-account-dispute');
    await page.getByRole('button', { name: 'Close the dispute about OLD-INITECH' }).click();
    await dialog().getByLabel('How it ended').fill('credited');
    await dialog().getByRole('button', { name: 'Close the dispute' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Withdraw $250.00' }).click();
    await dialog().getByLabel('Reason').fill('the season is over');
    await dialog().getByRole('button', { name: 'Withdraw' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'the season is over' }).waitFor();
    expect((await account()).body).toMatchObject({
      disputes: [{ closedBy: 'fiona', closingReason: 'credited' }],
      temporaryLimits: [{ inForce: false }],
    });
  });

  it('who may only look is offered nothing to change', async () => {
    await logIn(page, keys.clerk);
    await page.goto('/credit/CA-INITECH');
    await page.getByRole('heading', { name: 'Credit of INITECH' }).waitFor();
    expect(await page.getByRole('button', { name: '…' }).count()).toBe(0);
  });
});
