import type { Page } from 'playwright-core';
import { bookPrepayment } from '../../application/request-prepayment';
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
});
