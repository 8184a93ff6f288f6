import type { Page } from 'playwright-core';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed } from '../support/credit';
import { GatewayDoor } from '../support/gateway-door';
import { describeWith } from '../support/needs';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';
import { lookAt } from './look-at';
import { giveKey, logIn, openPage, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'a payment that came twice, in the portal', () => {
  let door: GatewayDoor;
  let page: Page;
  const portal = visitPortal(
    async () => {
      door = await GatewayDoor.open();
      await seedCompany(door.db, { limitMinor: 200_000 });
      await setUpPartner(door.db, { partnerId: 'ACME-EDI' });
      const scopes = ['orders:read', 'exceptions:read', 'credit:read', 'holds:decide'];
      for (const person of ['fay', 'fiona'])
        await giveKey(door.db, `key-of-${person}`, { name: person, person, roles: ['finance'], scopes });
      await giveKey(door.db, 'key-of-olga', {
        name: 'Olga, operations',
        person: 'olga',
        roles: ['operations'],
        scopes: ['orders:read', 'exceptions:write', 'credit:read', 'holds:decide'],
      });
      const { orderId } = await placed(door.db, {
        ...purchaseOrder([line('BOLT', '9', '10.00')]),
        purchaseOrderNumber: 'PRE-1',
      });
      const money = { amountMinor: 9_000, currency: 'USD', reference: 'WIRE 7', paidOn: '2026-11-20' };
      await door.db.transaction((tx) => bookPrepayment(tx, { orderId, ...money, by: 'fiona' }, NOW));
      const set = transactionSet('820', '0001', [
        'BPR*C*90*C*ACH************20261122',
        'TRN*1*T9*1330448821',
        'ENT*1',
        'RMR*PO*PRE-1**90',
      ]);
      const sender = 'ACME-EDI';
      await door.send(interchange({ sender, controlNumber: 1, groups: [group('RA', 1, [set], sender)] }));
      await door.work(sender);
      return { db: door.db, close: () => door.database.drop() };
    },
    { refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });
  /** An order that waits for credit, of which a remittance that names it has come before anybody booked it. */
  const remittedFirst = async (purchaseOrderNumber: string, trace: string) => {
    await door.db('credit_account').where({ id: 'CA-ACME' }).update({ limit_minor: 0 });
    const { orderId } = await placed(door.db, {
      ...purchaseOrder([line('BOLT', '7', '10.00')]),
      purchaseOrderNumber,
    });
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const set = transactionSet('820', '0001', [
      `BPR*C*70*C*ACH************${today}`,
      `TRN*1*${trace}*1330448821`,
      'ENT*1',
      `RMR*PO*${purchaseOrderNumber}**70`,
    ]);
    const sender = 'ACME-EDI';
    await door.send(interchange({ sender, controlNumber: 2, groups: [group('RA', 2, [set], sender)] }));
    await door.work(sender);
    return (await door.db('hold').where({ order_id: orderId }).first('id')).id as string;
  };
  const dialog = (of: Page) => of.getByRole('dialog');
  const atExceptions = async (of: Page, key: string) => {
    await logIn(of, key);
    await of.getByRole('link', { name: 'Exceptions' }).click();
    await of.getByText('It may be the prepayment WIRE 7').waitFor();
  };

  it('finance sees which prepayment it may be and links both', async () => {
    await atExceptions(page, 'key-of-olga');
    expect(await page.getByRole('button', { name: 'Same payment…' }).count()).toBe(0);
    const { page: slower } = await openPage(portal.browser, portal.api.url);
    await atExceptions(slower, 'key-of-fay');
    await slower.getByRole('button', { name: 'Same payment…' }).click();
    await dialog(slower).getByText('2 days apart').waitFor();
    await dialog(slower).getByLabel('Reason').fill('the same wire');
    await lookAt(slower, 'payments-link');

    const { page: faster } = await openPage(portal.browser, portal.api.url);
    await atExceptions(faster, 'key-of-fiona');
    await lookAt(faster, 'payments-exception');
    await faster.getByRole('button', { name: 'Same payment…' }).click();
    await dialog(faster).getByLabel('Reason').fill('compared with the bank');
    const before = await door.db('payment_link').first();
    expect(before).toBeUndefined();
    await dialog(faster).getByRole('button', { name: 'It is the same' }).click();
    await faster.getByText('Nothing needs a person.').waitFor();
    await faster.getByText('Resolved', { exact: true }).click();
    await faster.getByText('It is the prepayment WIRE 7: compared with the bank').waitFor();
    await Promise.all([faster.context().close(), slower.context().close()]);
    expect(await door.db('payment_link').select('linked_by')).toEqual([{ linked_by: 'fiona' }]);
  });

  it('whoever books by hand what a remittance brought first is told which payment it may be', async () => {
    const holdId = await remittedFirst('PRE-9', 'T77');
    await logIn(page, 'key-of-fay');
    await page.goto(`/credit-cases/${holdId}`);
    await page.getByRole('button', { name: 'Book a prepayment…' }).click();
    await dialog(page).getByLabel('Number of the payment').fill('WIRE 77');
    await lookAt(page, 'prepayment-by-hand');
    await dialog(page).getByRole('button', { name: 'Book it' }).click();
    await page
      .getByText(/It is booked\. It may be payment T77 \(820\) of .*, which nothing has taken/)
      .waitFor();
    await lookAt(page, 'prepayment-may-be');
    await page.goto('/exceptions');
    await page.getByText('It may be the prepayment WIRE 77').waitFor();
    await page.getByRole('button', { name: 'Same payment…' }).click();
    await dialog(page).getByLabel('Reason').fill('one wire, says the bank');
    await dialog(page).getByRole('button', { name: 'It is the same' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    expect(await door.db('cash_entry').where({ amount_minor: 7_000 }).pluck('kind')).toEqual(['prepayment']);
  });
});
