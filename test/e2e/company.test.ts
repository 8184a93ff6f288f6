import type { Page } from 'playwright-core';
import { freshKey } from '../support/api-ground';
import { giveBuyer } from '../support/give-buyer';
import { describeWith } from '../support/needs';
import type { OrderStage } from '../workflow/order-stage';
import { lookAt } from './look-at';
import { giveKey, logIn, openPage, visitPortal } from './portal-page';
import { onStage, openStage } from './stage-ground';

jest.setTimeout(120_000);

const ADMIN = 'key-of-ida';
const BUYER = 'key-of-ivan';
const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);

describeWith('chromium', 'a buyer’s company in the portal', () => {
  let stage: OrderStage;
  let page: Page;

  const portal = visitPortal(async () => {
    stage = await openStage({});
    await giveBuyer(stage.db, ADMIN, { person: 'ida', customerId: 'ACME', roles: ['buyer-admin'] });
    await giveBuyer(stage.db, BUYER, { person: 'ivan', customerId: 'ACME', roles: ['buyer'] });
    await giveKey(stage.db, 'key-of-paula', {
      name: 'Paula, partners',
      person: 'paula',
      roles: ['customer-service'],
      scopes: ['orders:read', 'partners:write'],
    });
    return onStage(stage);
  });
  beforeEach(() => {
    page = portal.page;
  });

  const dialog = () => page.getByRole('dialog');
  const budgetRow = () => page.getByRole('row').filter({ hasText: 'LAB' });
  const inCompany = async (key: string) => {
    await logIn(page, key);
    await page.getByRole('link', { name: 'Limits and budgets' }).click();
    await page.getByRole('heading', { name: 'Limits and budgets' }).waitFor();
  };

  it('its administrator sets limits, plans a budget and is told what cannot be', async () => {
    await inCompany(ADMIN);
    await page.getByText('Nobody has a spending limit').waitFor();
    await lookAt(page, 'company-empty');
    await page.getByRole('button', { name: 'Set a limit…' }).click();
    await dialog().getByText('From the first limit on').waitFor();
    await dialog().getByLabel('Person').selectOption('ivan');
    await dialog().getByLabel('Orders up to (USD)').fill('50');
    await dialog().getByLabel('Cost centre').fill('LAB');
    await lookAt(page, 'company-limit');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Without a limit, so that each of their orders needs approval: ida').waitFor();
    await page.getByRole('button', { name: 'Set a limit…' }).click();
    await dialog().getByLabel('Approves orders of others').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    const plan = async () => {
      await page.getByRole('button', { name: 'Plan a budget…' }).click();
      await dialog().getByLabel('Cost centre').fill('LAB');
      await dialog().getByLabel('First day').fill('2020-01-01');
      await dialog().getByLabel('Last day').fill('2099-12-31');
      await dialog().getByLabel('Budget (USD)').fill('100');
      await dialog().getByRole('button', { name: 'Save' }).click();
    };
    await plan();
    await dialog().waitFor({ state: 'detached' });
    await plan();
    await dialog().getByText('LAB has a budget in that period already').waitFor();
    await dialog().getByRole('button', { name: 'Back' }).click();
    await budgetRow().first().getByText('0 %').waitFor();
  });

  it('an order over the limit waits, is made smaller by its approver, approved, and taken from the budget', async () => {
    const buy = (quantity: string) =>
      portal.api.post(
        '/api/v1/orders',
        {
          purchaseOrderNumber: `C${freshKey()}`.slice(0, 20),
          lines: [{ item: 'BOLT', quantity, unit: 'EA' }],
        },
        BUYER,
      );
    expect((await buy('30')).body).toMatchObject({ state: 'placed' });
    const { body: waiting } = await buy('40');
    expect(waiting).toMatchObject({ state: 'held' });
    await stage.taken(waiting.id);
    await logIn(page, ADMIN);
    await page.getByRole('link', { name: 'Approvals' }).click();
    const row = page.getByRole('row').filter({ hasText: waiting.orderNumber });
    await row.getByText('above the spending limit').waitFor();
    await lookAt(page, 'approvals');
    await page.getByRole('button', { name: `Approve ${waiting.orderNumber}` }).click();
    await dialog().getByLabel('Reason').fill('needed for the trial');
    await dialog().getByRole('button', { name: 'Approve' }).click();
    // 45.00 were taken and 100.00 planned: 60.00 do not fit.
    await dialog().getByText('budget has not so much left').first().waitFor();
    await lookAt(page, 'approvals-refused');
    await dialog().getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: `Change ${waiting.orderNumber}` }).click();
    await dialog()
      .getByLabel(/^Quantity of/)
      .fill('35');
    await dialog().getByRole('button', { name: 'What comes of it?' }).click();
    await dialog().getByText('$52.50').first().waitFor();
    await lookAt(page, 'approvals-change');
    await dialog().getByRole('button', { name: 'Change the order' }).click();
    await dialog().waitFor({ state: 'detached' });
    await row.getByText('$52.50').waitFor();
    await page.getByRole('button', { name: `Approve ${waiting.orderNumber}` }).click();
    await dialog().getByLabel('Reason').fill('fits the budget now');
    await dialog().getByRole('button', { name: 'Approve' }).click();
    await page.getByText('No order of your company waits for approval.').waitFor();
    await budgetRow().getByText('97 %').waitFor();
    await stage.until(waiting.id, 'on its way', (progress) => progress.state !== 'held');
    await page.getByRole('link', { name: 'Limits and budgets' }).click();
    await budgetRow().first().getByText('$2.50').waitFor();
    await lookAt(page, 'company');
  });

  it('a budget is never made less than what is ordered; a substitute is arranged and ended', async () => {
    await inCompany(ADMIN);
    await page.getByRole('button', { name: 'Change the budget of LAB' }).click();
    await dialog().getByLabel('Budget (USD)').fill('97.49');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('More of it is spent already').waitFor();
    await dialog().getByLabel('Budget (USD)').fill('97.50');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    await budgetRow().first().getByText('100 %').waitFor();
    await page.getByRole('button', { name: 'Substitutes…' }).click();
    await dialog().getByText('Nobody stands in for anybody now.').waitFor();
    await dialog().getByLabel('Who decides').fill('ivna');
    await dialog().getByLabel('Until the end of').fill(inTenDays);
    await dialog().getByLabel('Reason').fill('on leave');
    await dialog().getByRole('button', { name: 'Arrange' }).click();
    await dialog().getByText('There is no person "ivna"').waitFor();
    await dialog().getByLabel('Who decides').fill('ivan');
    await lookAt(page, 'substitutes');
    await dialog().getByRole('button', { name: 'Arrange' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Substitutes…' }).click();
    await dialog().getByText('ivan decides for ida').waitFor();
    await dialog().getByRole('button', { name: 'End that ivan decides for ida' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await dialog().getByText('Nobody stands in for anybody now.').waitFor();
  });

  it('a buyer sees limits and budgets and changes nothing; the seller’s people look after them for a customer', async () => {
    await inCompany(BUYER);
    await page.getByText('are changed by the administrator of your company').waitFor();
    expect(await page.getByRole('button', { name: /^Change the|^Set a limit|^Plan a/ }).count()).toBe(0);
    const seller = await openPage(portal.browser, portal.api.url);
    await logIn(seller.page, 'key-of-paula');
    await seller.page.getByRole('link', { name: 'Buyers’ limits' }).click();
    await seller.page.getByLabel('Customer').fill('NOBODY');
    await seller.page.getByRole('button', { name: 'Show' }).click();
    await seller.page.getByRole('alert').waitFor();
    await lookAt(seller.page, 'company-unknown');
    await seller.page.getByLabel('Customer').fill('ACME');
    await seller.page.getByRole('button', { name: 'Show' }).click();
    await seller.page.getByRole('button', { name: 'Change the limit of ivan' }).click();
    await seller.page.getByRole('dialog').getByLabel('Orders up to (USD)').fill('75');
    await seller.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('$75.00').waitFor();
    await page.getByText('paula').waitFor();
    await seller.page.context().close();
  });

  it('the administrator removes a budget and a limit, told before what that does; who looked at an older one is told so', async () => {
    await inCompany(ADMIN);
    await page.getByRole('button', { name: /^Remove the budget of LAB/ }).click();
    await dialog().getByText('($97.50) stays approved').waitFor();
    await dialog().getByLabel('Reason').fill('the lab is closed');
    await lookAt(page, 'company-remove-budget');
    await dialog().getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('No budget is planned').waitFor();
    await page.getByRole('row').filter({ hasText: 'the lab is closed' }).waitFor();

    await page.getByRole('button', { name: 'Remove the limit of ivan' }).click();
    await dialog().getByText('Each order of ivan needs approval').waitFor();
    const { people } = (await portal.api.get('/api/v1/buyer-settings', ADMIN)).body;
    const { version } = people.find((one: { person: string }) => one.person === 'ivan');
    const other = { person: 'ivan', limitMinor: 9_900 };
    await portal.api.post('/api/v1/buyer-settings/people', other, ADMIN, { 'if-match': `"${version}"` });
    await dialog().getByLabel('Reason').fill('ivan has left');
    await dialog().getByRole('button', { name: 'Remove it' }).click();
    await dialog().getByText('It was changed meanwhile').waitFor();
    await dialog().getByText('Go back: the page shows how it is now').waitFor();
    await dialog().getByRole('button', { name: 'Back' }).click();
    await page.getByRole('row').filter({ hasText: 'ivan' }).getByText('$99.00').waitFor();
    await page.getByRole('button', { name: 'Remove the limit of ivan' }).click();
    await dialog().getByLabel('Reason').fill('ivan has left');
    await dialog().getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('Limit of ivan removed').waitFor();
    await lookAt(page, 'company-removed');
  });
});
