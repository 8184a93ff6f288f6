import { Runtime } from '@temporalio/worker';
import type { Browser, Page } from 'playwright-core';
import { type ApiServer, startApi } from '../support/api-ground';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from '../workflow/order-stage';
import { lookAt } from './look-at';
import {
  giveKey,
  logIn,
  openBrowser,
  openPage,
  portalFolder,
  requirePortal,
  type Watched,
} from './portal-page';

jest.setTimeout(120_000);

describeWith('chromium', 'the finance console', () => {
  let stage: OrderStage;
  let api: ApiServer;
  let browser: Browser;
  let opened: Watched;
  let page: Page;

  beforeAll(async () => {
    requirePortal();
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), limitMinor: 10_000 });
    await giveKey(stage.db, 'key-fiona', {
      name: 'Fiona, finance',
      person: 'fiona',
      roles: ['finance'],
      scopes: ['orders:read', 'holds:read', 'credit:read', 'holds:decide'],
    });
    api = await startApi(stage.db, { engine: stage.engine, portalFolder });
    browser = await openBrowser();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await api.close();
    await stage.close();
    await Runtime.instance().shutdown();
  });
  beforeEach(async () => {
    opened = await openPage(browser, api.url);
    page = opened.page;
  });
  afterEach(async () => {
    expect(opened.strangers).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await page.context().close();
  });

  test('shows the queue and a case, takes it, keeps a note and asks for a prepayment', async () => {
    const orderId = await stage.order(100);
    await stage.until(orderId, 'held', (progress) => progress.state === 'held');
    await logIn(page, 'key-fiona');
    await page.getByRole('link', { name: 'Credit cases' }).click();
    await page.getByRole('heading', { name: 'Credit cases' }).waitFor();
    const order = (await stage.db('orders').where({ id: orderId }).first('order_number')) as {
      order_number: string;
    };
    await lookAt(page, 'credit-cases');
    await page.getByRole('link', { name: order.order_number }).click();
    await page.getByRole('heading', { name: `Credit case ${order.order_number}` }).waitFor();
    await page.getByRole('heading', { name: 'Receivables by age' }).waitFor();
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByText('fiona works on it').waitFor();
    await page.getByLabel('Add a note').fill('Called them: money is on its way');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('Called them: money is on its way').first().waitFor();
    await page.getByRole('button', { name: 'Ask for prepayment…' }).click();
    await page.getByLabel('Reason').fill('over the limit');
    await lookAt(page, 'credit-prepayment');
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for a prepayment' }).click();
    await page.getByText('asked for by fiona').waitFor();
    await lookAt(page, 'credit-case');
  });
});
