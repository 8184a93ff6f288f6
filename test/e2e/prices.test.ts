import type { Page } from 'playwright-core';
import { applyOrderChange } from '../../application/change/apply-order-change';
import { keys, orderOf, seedCompany } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'prices in the portal', () => {
  let database: TestDatabase;
  let page: Page;

  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      const { db } = database;
      await seedCompany(db);
      await db('api_key')
        .where({ name: keys.clerk })
        .update({
          scopes: db.raw(
            `scopes || array['prices:read', 'prices:write', 'prices:override', 'rules:read', 'rules:write']`,
          ),
          roles: ['sales'],
        });
      const rule = (kind: string, scope: string, body: object) => ({
        kind,
        scope,
        version: 1,
        valid_from: '2026-01-01',
        body: JSON.stringify(body),
      });
      await db('rule').insert([
        rule('price-override', 'sales', { maximumPercent: '10' }),
        rule('promotion', 'TEN', {
          name: 'Ten percent on gadgets',
          validFrom: '2026-01-01',
          currency: 'USD',
          items: ['GADGET'],
          benefit: { kind: 'percent', percent: '10' },
          maximumMinor: 100_000,
        }),
      ]);
      const engine = {
        isThere: async () => true,
        resolveHold: () => Promise.reject(new Error('not asked for here')),
        applyChange: async (_orderId: string, changeId: string) => ({
          kind: 'decided' as const,
          outcome: await db.transaction((tx) => applyOrderChange(tx, changeId, new Date().toISOString())),
        }),
      };
      return { db, api: { engine: engine as never }, close: () => database.drop() };
    },
    { logInAs: keys.clerk, refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });

  it('the order says why a price is what it is; sales sets one within the limits, and is told where it may not', async () => {
    const lines = [
      { item: 'WIDGET', quantity: '10' },
      { item: 'GADGET', quantity: '2' },
    ];
    const placed = await portal.api.post('/api/v1/orders', orderOf('1', { lines }), keys.initech);
    expect(placed.status).toBe(201);
    await page.goto(`/orders/${placed.body.id}`);
    await page.getByText('Why', { exact: true }).nth(1).click();
    await page.getByText('Ten percent on gadgets: 10 percent off, $0.50 off', { exact: false }).waitFor();
    await portal.shot('prices-why');
    await page.getByRole('button', { name: 'Set the price of line 1' }).click();
    const dialog = page.getByRole('dialog');
    const price = dialog.getByLabel(/^Price per EA in USD/);
    expect(await price.inputValue()).toBe('10');
    await price.fill('5');
    await dialog.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'Goodwill' }).click();
    await dialog.getByLabel('Note').fill('late last time');
    await portal.shot('prices-set');
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'further from ours than your role may go' }).waitFor();
    await price.fill('9.5');
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('$95.00').first().waitFor();
    const order = await database.db('orders').where({ id: placed.body.id }).first();
    expect(order.subtotal_minor).toBe(9_500 + 500);
    await portal.shot('prices-after');
  });

  it('a price is changed and a new one added; contracts and what promotions gave are shown', async () => {
    await page.getByRole('link', { name: 'Prices' }).click();
    await page.getByRole('row').filter({ hasText: 'WIDGET' }).first().waitFor();
    await portal.shot('prices-list');
    await page
      .getByRole('button', { name: /^Edit the price of WIDGET/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Price per unit' }).fill('11.25');
    await portal.shot('prices-edit');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('$11.25').first().waitFor();
    await page.getByText('Contracts', { exact: true }).click();
    await portal.shot('prices-contracts');
    await page.getByText('Promotions', { exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Ten percent on gadgets' }).waitFor();
    await portal.shot('prices-promotions');
  });

  it('a promotion is made in the form of its rules: what is given has fields of its own', async () => {
    await page.goto('/rules/promotion');
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByRole('dialog').waitFor();
    await portal.shot('prices-promotion-form');
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'For' }).fill('MAY');
    await drawer.getByLabel('Name', { exact: true }).fill('May');
    await drawer
      .getByLabel(/^Valid from/)
      .first()
      .fill('2026-05-01');
    const benefit = drawer.getByText('Benefit', { exact: true });
    await benefit.scrollIntoViewIfNeeded();
    await drawer.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'percent' }).click();
    await drawer.getByLabel('Percent', { exact: true }).fill('12.5');
    await portal.shot('prices-promotion-form-2');
    await drawer.getByLabel('Why').fill('As every May');
    await drawer.getByRole('button', { name: 'Save version 1' }).click();
    await page.getByRole('cell', { name: 'MAY', exact: true }).waitFor();
    const saved = await database.db('rule').where({ kind: 'promotion', scope: 'MAY' }).first('body');
    expect(saved.body).toMatchObject({ name: 'May', benefit: { kind: 'percent', percent: '12.5' } });
  });
});
