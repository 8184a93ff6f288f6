import type { Page } from 'playwright-core';
import { readAuthorities } from '../../application/rules/rules';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { giveKey, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'rules in the portal', () => {
  let database: TestDatabase;
  let page: Page;

  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      const scopes = ['orders:read', 'rules:read', 'rules:write'];
      await giveKey(database.db, 'key-olga', { name: 'Olga', person: 'olga', roles: ['operations'], scopes });
      return { db: database.db, close: () => database.drop() };
    },
    { logInAs: 'key-olga', refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });

  it('a limit of authority is set in a form, corrected, and its versions stay to be read', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Rules' }).click();
    await page.getByRole('link', { name: 'Limits of authority' }).click();
    await page.getByText('No rule of its own').waitFor();
    await page.getByRole('button', { name: 'New rule' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'For' }).fill('Finance People');
    await drawer.getByLabel('Hold types').fill('credit');
    await page.keyboard.press('Enter');
    await drawer.getByLabel('Maximum, minor units').fill('5000000');
    await drawer.getByLabel('Why').fill('As agreed in May');
    await drawer.getByRole('button', { name: 'Save version 1' }).click();
    await drawer.getByRole('alert').filter({ hasText: 'small letters, digits and hyphens' }).waitFor();
    await portal.shot('rule-refused');
    await drawer.getByRole('textbox', { name: 'For' }).fill('finance');
    await drawer.getByRole('button', { name: 'Save version 1' }).click();
    await page.getByText('finance: version 1 is saved.').waitFor();

    await page.getByRole('button', { name: 'Edit finance' }).click();
    await drawer.getByLabel('Second person above, minor units').fill('1000000');
    await drawer.getByLabel('Why').fill('Two persons above ten thousand');
    await drawer.getByRole('button', { name: 'Save version 2' }).click();
    await page.getByText('finance: version 2 is saved.').waitFor();
    expect(await readAuthorities(database.db)).toEqual([
      {
        role: 'finance',
        version: 2,
        holdTypes: ['credit'],
        maximumMinor: 5_000_000,
        secondPersonAboveMinor: 1_000_000,
      },
    ]);
    await page.getByRole('button', { name: 'Edit finance' }).click();
    await drawer.getByText('Two persons above ten thousand').waitFor();
    await drawer.getByText('As agreed in May').waitFor();
    await portal.shot('rule-versions');
  });
});
