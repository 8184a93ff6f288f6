import type { Page } from 'playwright-core';
import { requestDocument } from '../../db/repositories/document-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { clock, GatewayDoor, order } from '../support/gateway-door';
import { describeWith } from '../support/needs';
import { group, interchange, orderAnswer, purchaseOrder, setUpPartner } from '../support/trading-partner';
import { giveKey, visitPortal } from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'the archive in the portal', () => {
  let door: GatewayDoor;
  let page: Page;

  const portal = visitPortal(
    async () => {
      door = await GatewayDoor.open();
      await setUpPartner(door.db);
      const scopes = ['documents:read', 'orders:read', 'partners:read', 'partners:write', 'exceptions:write'];
      await giveKey(door.db, 'key-olga', { name: 'Olga', person: 'olga', roles: ['operations'], scopes });
      return { db: door.db, close: () => door.database.drop() };
    },
    { logInAs: 'key-olga', refusals: true },
  );
  beforeEach(() => {
    page = portal.page;
  });

  it('a stranger in quarantine is set up from its file and replayed, and its order is found by its number', async () => {
    const id = await door.send(
      order(7, 'PO7001').replace('ACME           ', 'NEWCO          ').replaceAll('ACMEGS', 'NEWGS'),
    );
    await page.goto('/interchanges?status=quarantined');
    await page.getByRole('link', { name: '000000007' }).click();
    await page.getByText('no agreement covers ZZ:NEWCO to ZZ:HUB').waitFor();
    await portal.shot('interchange');
    await page.getByRole('link', { name: 'Set the partner up' }).click();
    expect(await page.getByLabel('Partner id').inputValue()).toBe('NEWCO');
    expect(await page.getByRole('row').filter({ hasText: '850 from it' }).textContent()).toContain('NEWGS');
    await page.getByRole('textbox', { name: 'Customer' }).fill('NOBODY');
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.getByRole('alert').filter({ hasText: 'there is no customer NOBODY' }).waitFor();
    await portal.shot('set-up-refused');
    await page.getByRole('textbox', { name: 'Customer' }).fill('ACME-C');
    await page.getByLabel('810 to the partner').uncheck();
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('It is being taken in again.').waitFor();
    await door.judge(id);
    expect(
      await door.db('document_agreement').where({ agreement_id: 'NEWCO-HUB-P' }).count().first(),
    ).toEqual({
      count: 4,
    });

    await page.goto('/documents');
    await page.getByLabel('Any number').fill('po7001');
    await page.getByRole('link', { name: '850 Purchase order' }).click();
    await page.getByRole('heading', { name: '850 Purchase order' }).waitFor();
    await portal.shot('document');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Accepted', { exact: true }).last().waitFor();
    await portal.shot('document-history');
  });

  it('a finding stands at its element, and the page holds on a telephone', async () => {
    const broken = purchaseOrder('PO7003', '0001', ['PO1*1*10*EA*ABC**BP*B-1']);
    await door.send(interchange({ controlNumber: 8, groups: [group('PO', 8, [broken])] }));
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/documents?purchaseOrderNumber=PO7003');
    await page.getByRole('link', { name: '850 Purchase order' }).click();
    const line = page.getByRole('listitem').filter({ hasText: 'order line' });
    await line.getByText('has a character its type does not allow').waitFor();
    const wider = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(wider).toBe(0);
    await portal.shot('document-telephone');
  });

  it('an invoice is reissued only when it was said twice that a second one is meant', async () => {
    await door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: 'order/1/855',
        partnerId: 'ACME',
        set: '855',
        usage: 'P',
        payload: orderAnswer('PO1'),
      }),
    );
    await renderDocuments(door.db, 'ACME-P', clock);
    // What asks is the set; the content does not matter here.
    const [document] = await door.db('document').where({ direction: 'out', set_id: '855' }).select('id');
    await door.db('document_request').where({ document_id: document.id }).update({ set_id: '810' });
    await page.goto(`/documents/${document.id}`);
    await page.getByRole('button', { name: 'Reissue' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Reissue' }).click();
    await dialog.getByText('A second 810 can be received or paid twice').waitFor();
    expect(await door.db('document_request').whereNotNull('reissue_of')).toEqual([]);
    await dialog.getByRole('button', { name: 'Reissue nevertheless' }).click();
    await page.getByText('A new document is being written.').waitFor();
    expect(await door.db('document_request').whereNotNull('reissue_of')).toHaveLength(1);
  });
});
