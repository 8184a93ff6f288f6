import type { Page } from 'playwright-core';
import { describeWith } from '../support/needs';
import type { OrderStage } from '../workflow/order-stage';
import { orderRequest } from '../workflow/seed';
import { lookAt } from './look-at';
import { giveKey, logIn, openPage, visitPortal } from './portal-page';
import { onStage, openStage } from './stage-ground';

jest.setTimeout(120_000);

describeWith('chromium', 'the finance console', () => {
  let stage: OrderStage;
  let page: Page;

  const portal = visitPortal(async () => {
    stage = await openStage({ limitMinor: 10_000 });
    await giveKey(stage.db, 'key-fiona', {
      name: 'Fiona, finance',
      person: 'fiona',
      roles: ['finance'],
      scopes: ['orders:read', 'holds:read', 'credit:read', 'holds:decide'],
    });
    await giveKey(stage.db, 'key-frank', {
      name: 'Frank, head of finance',
      person: 'frank',
      roles: ['finance'],
      scopes: ['orders:read', 'holds:read', 'credit:read', 'holds:decide'],
    });
    return onStage(stage);
  });
  beforeEach(() => {
    page = portal.page;
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

  const heldWith = async (quantities: readonly number[]) => {
    const [line] = orderRequest(1).lines;
    const lines = quantities.map(
      (quantity) => ({ ...line, quantity: String(quantity) }) as NonNullable<typeof line>,
    );
    const orderId = await stage.order(1, { lines });
    const { openHolds } = await stage.until(orderId, 'held', (progress) => progress.state === 'held');
    await stage.taken(orderId);
    return { orderId, holdId: openHolds[0]?.holdId ?? '' };
  };
  const dialog = () => page.getByRole('dialog');

  test('passes a case on to somebody who may decide, who releases it up to an amount', async () => {
    const { orderId, holdId } = await heldWith([40, 60, 50]);
    await logIn(page, 'key-fiona');
    await page.goto(`/credit-cases/${holdId}`);
    await page.getByRole('button', { name: 'Pass it on…' }).click();
    await dialog().getByLabel('To whom').selectOption('frank');
    await lookAt(page, 'credit-pass-on');
    await dialog().getByRole('button', { name: 'Pass on' }).click();
    await page.getByText('frank works on it').waitFor();
    await page.getByRole('button', { name: 'Release in part…' }).click();
    await dialog().getByLabel('Reason').fill('as far as they have paid');
    await dialog().getByLabel(/^1: /).check();
    await lookAt(page, 'credit-part-lines');
    await dialog().getByText('Up to an amount').click();
    // The first line alone is 60.00: nothing fits, and the hub says so.
    await dialog().getByLabel('Up to (USD)').fill('59.99');
    await dialog().getByRole('button', { name: 'Release in part' }).click();
    await dialog().getByText('No line of the order comes to 59.99 USD or less').waitFor();
    await dialog().getByLabel('Up to (USD)').fill('150');
    await dialog().getByText('is cancelled').click();
    await dialog().getByLabel('Counted as').selectOption('payment-seen');
    await lookAt(page, 'credit-part-amount');
    await dialog().getByRole('button', { name: 'Release in part' }).click();
    await dialog().waitFor({ state: 'detached' });
    await stage.until(orderId, 'going on', (progress) => progress.state !== 'held');
    expect(
      await stage.db('order_line').where({ order_id: orderId }).orderBy('line_number').pluck('cancelled'),
    ).toEqual([0, 0, 50]);
    expect(await stage.db('credit_case').where({ hold_id: holdId }).first()).toMatchObject({
      decision_code: 'payment-seen',
    });
    await page.getByText('Released by fiona: as far as they have paid').waitFor();
    await lookAt(page, 'credit-case-decided');
  });

  test('a prepayment that one asks for is booked by another, and the order goes on', async () => {
    const { orderId, holdId } = await heldWith([100]);
    await logIn(page, 'key-fiona');
    await page.goto(`/credit-cases/${holdId}`);
    await page.getByRole('button', { name: 'Ask for prepayment…' }).click();
    await dialog().getByLabel('Reason').fill('new customer');
    await dialog().getByRole('button', { name: 'Ask for a prepayment' }).click();
    await page.getByText('Its payment is booked by somebody else.').waitFor();
    expect(await page.getByRole('button', { name: 'Book a prepayment…' }).count()).toBe(0);
    const other = await openPage(portal.browser, portal.api.url);
    await logIn(other.page, 'key-frank');
    await other.page.goto(`/credit-cases/${holdId}`);
    await other.page.getByRole('button', { name: 'Book a prepayment…' }).click();
    const booking = other.page.getByRole('dialog');
    expect(await booking.getByLabel('Amount (USD)').inputValue()).toBe('150.00');
    await booking.getByLabel('Number of the payment').fill('WIRE 4711');
    await lookAt(other.page, 'credit-book');
    await booking.getByRole('button', { name: 'Book it' }).click();
    await booking.waitFor({ state: 'detached' });
    await stage.until(orderId, 'going on', (progress) => progress.state !== 'held');
    await page.getByText('(paid): $150.00 has come in').waitFor();
    await other.page.context().close();
  });
});
