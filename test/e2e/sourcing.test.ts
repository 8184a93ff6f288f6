import type { Page } from 'playwright-core';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { trySourcing } from '../../application/sourcing/try-sourcing';
import type { Db } from '../../db/connection';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { lookAt } from './look-at';
import { giveKey, visitPortal } from './portal-page';

jest.setTimeout(120_000);

const cheapest = {
  name: 'illinois',
  when: { country: 'US', state: 'IL' },
  sequence: [['WEST'], ['CENTRAL']],
  constraints: { maximumShipments: 2 },
};

async function rule(db: Db, kind: string, scope: string, body: unknown): Promise<void> {
  const of = { kind, scope, body, validFrom: null, note: 'as agreed', person: 'olga', basedOn: null };
  const saved = await db.transaction((tx) => saveRule(tx, of));
  if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved));
}

async function place(db: Db, quantity: string): Promise<string> {
  const result = await db.transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', quantity, '10.00')]), NOW),
  );
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result.orderId;
}

describeWith('chromium', 'sourcing in the portal', () => {
  let database: TestDatabase;
  let page: Page;
  let short: string;
  const portal = visitPortal(
    async () => {
      database = await createTestDatabase();
      const { db } = database;
      await seedCompany(db, { stock: { BOLT: { CENTRAL: 30, EAST: 30, WEST: 20 } } });
      const rates = {
        zones: [
          {
            country: 'US',
            transitDays: 2,
            breaks: [{ upToGrams: null, baseMinor: 900, perKilogramMinor: 40 }],
          },
        ],
      };
      await rule(db, 'freight-rates', '*', rates);
      await rule(db, 'sourcing', 'live', { rules: [cheapest] });
      const trial = { ...cheapest, name: 'east-first', sequence: [['EAST'], ['WEST'], ['CENTRAL']] };
      await rule(db, 'sourcing', 'shadow', { rules: [trial] });
      await place(db, '10');
      short = await place(db, '50');
      await trySourcing(db, NOW);
      const scopes = ['orders:read', 'rules:read', 'rules:write'];
      await giveKey(db, 'key-olga', { name: 'Olga', person: 'olga', roles: ['operations'], scopes });
      return { db, close: () => database.drop() };
    },
    { logInAs: 'key-olga' },
  );
  beforeEach(() => {
    page = portal.page;
  });

  it('an order says where it ships from, by which rule, and why each other node does not', async () => {
    await page.goto(`/orders/${short}`);
    const section = page.getByRole('region', { name: 'Where it ships from and why' });
    await section.getByText('rule illinois, version 1').waitFor();
    await section.getByText('at most 2 shipments (rule "illinois")').waitFor();
    await section
      .getByText('10 of BOLT from nowhere: the sourcing rule lets it come from no node that has it')
      .waitFor();
    const east = section.getByRole('row').filter({ hasText: 'EAST' });
    expect(await east.textContent()).toContain('rule "illinois" does not name it');
    await lookAt(page, 'order-sourcing');
  });

  it('which rule would apply to a line like this, and which others it goes before', async () => {
    await page.goto('/sourcing');
    await page.getByLabel('Country').fill('US');
    await page.getByLabel('State').fill('IL');
    await page.getByRole('button', { name: 'Which rule counts' }).click();
    await page.getByText('Nodes by rule illinois').waitFor();
    await page.getByLabel('State').fill('TX');
    await page.getByRole('button', { name: 'Which rule counts' }).click();
    await page.getByText('Nodes by rule default').waitFor();
  });

  it('a set on trial is compared on real orders and made the live one, with a reason', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sourcing' }).click();
    await page.getByText('Version 1 was tried on 2 orders; 2 would ship otherwise').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'Units short' });
    expect(await row.textContent()).toContain('-10');
    const larger = page.getByRole('row').filter({ hasText: 'SO100002' });
    expect(await larger.textContent()).toMatch(/CENTRAL, WEST.*EAST/);
    await lookAt(page, 'sourcing-trial');
    await page.getByLabel('Why it is right').fill('It fills more');
    await page.getByRole('button', { name: 'Make it the live set' }).click();
    await page.getByText('No set of rules is on trial').waitFor();
    const rows = (await database
      .db('rule')
      .where({ kind: 'sourcing', scope: 'live' })
      .orderBy('version')) as {
      version: number;
      note: string;
    }[];
    expect(rows.map(({ version, note }) => `${version}: ${note}`)).toEqual([
      '1: as agreed',
      '2: It fills more',
    ]);
  });
});
