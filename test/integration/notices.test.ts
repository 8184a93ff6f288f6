import { createNotices } from '../../adapters/notices/client';
import { resendNotice } from '../../application/notice/keep-notices';
import { handOver, issuePickupCode } from '../../application/store/pickups';
import { rejectTask } from '../../application/store/work-store-task';
import type { NoticePort, OutgoingNotice } from '../../domain/order/notices';
import { wakeForgotten } from '../../gateway/wake-forgotten';
import type { JobTools } from '../../worker/jobs/job';
import { sendNotice } from '../../worker/jobs/send-notice';
import { line, NOW, purchaseOrder } from '../support/company';
import { MailServer } from '../support/mail-server';
import { StoreStand } from '../support/store-stand';
import { WebhookReceiver } from '../support/webhook-receiver';

let stand: StoreStand;
let mail: MailServer;
let receiver: WebhookReceiver;
let notices: NoticePort & { readonly close: () => void };
beforeEach(async () => {
  [mail, receiver] = await Promise.all([MailServer.open(), WebhookReceiver.open()]);
  notices = createNotices({
    mail: { url: mail.url, from: 'Acme Orders <orders@seller.example>', requireTls: false },
    publicUrl: 'https://hub.seller.example',
    timeoutMs: 60_000,
    production: false,
    secret: (name) => (name === 'WEBHOOK_ACME' ? receiver.secret : null),
  });
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 20 } } });
});
afterEach(async () => {
  notices.close();
  await Promise.all([stand.close(), mail.close(), receiver.close()]);
});

async function rule(scope: string, body: object): Promise<void> {
  await stand
    .db('rule')
    .insert({ kind: 'notices', scope, version: 1, body: JSON.stringify(body), valid_from: '2000-01-01' });
}
const pickup = (more: object = {}) =>
  purchaseOrder([line('BOLT', '8', '10.00')], { pickupAt: 'STORE-A', ...more });

/** What the worker does with the jobs that were left; those that are to be tried again are. */
async function sendAll(port: NoticePort = notices): Promise<number> {
  const jobs = (await stand.db('notice').where({ state: 'waiting' }).orderBy('id').pluck('id')) as string[];
  const tools = { db: stand.db, notices: port } as unknown as JobTools;
  let again = 0;
  for (const noticeId of jobs) await sendNotice({ noticeId }, tools).catch(() => again++);
  return again;
}
const stated = () =>
  stand.db('notice').orderBy('id').select('type', 'via', 'address', 'state') as Promise<object[]>;

test('a buyer is told by mail and webhook that the order is ready, reminded and told of its end; each once', async () => {
  await rule('ACME', { mail: [{ to: 'purchasing@acme.example' }] });
  await rule('*', {
    mail: [{ to: 'bo@acme.example', types: ['pickup.cancelled'] }],
    webhooks: [{ url: receiver.url, secret: 'WEBHOOK_ACME' }],
  });
  const orderId = await stand.order(pickup({ notify: 'bo@acme.example' }));
  const { shipment_id: shipmentId } = await stand.task(orderId);
  const issued = await stand.run((tx) => issuePickupCode(tx, shipmentId, 'bo', NOW));
  await stand.acceptAndPick(orderId, { 1: 8 });
  expect(await sendAll()).toBe(0);
  expect(mail.mails.map(({ to }) => to[0])).toEqual(['bo@acme.example', 'purchasing@acme.example']);
  const [first] = mail.mails;
  expect(first?.text).toMatch(/Subject: Order PO\S+ \(\S+\): ready for pickup/);
  expect(first?.text).toContain('8 units of your order are ready');
  expect(first?.text).toContain('It is kept until the end of 2026-03-07');
  expect(first?.text).toContain(`https://hub.seller.example/orders/${orderId}`);
  expect(receiver.events).toMatchObject([
    { type: 'order-hub.pickup.ready', subject: orderId, data: { store: { id: 'STORE-A' }, shipmentId } },
  ]);
  stand.now = '2026-03-05T15:00:00.000Z';
  await Promise.all([stand.keep(orderId), stand.keep(orderId)]);
  stand.now = '2026-03-08T06:00:00.000Z';
  await stand.keep(orderId);
  await sendAll();
  await sendAll();
  expect(receiver.events.map(({ type }) => type)).toEqual(
    ['pickup.ready', 'pickup.reminder', 'pickup.cancelled'].map((type) => `order-hub.${type}`),
  );
  expect(mail.mails).toHaveLength(6);
  expect(await stand.told(orderId, 'notice-sent')).toHaveLength(9);
  // The code opens the goods: it is told on the order's page alone.
  if (issued.kind !== 'issued') throw new Error(issued.kind);
  const all = JSON.stringify([mail.mails, receiver.events, await stand.db('notice')]);
  expect(all).not.toContain(issued.code);
});

test('what is missing is told with what becomes of it', async () => {
  await rule('*', { webhooks: [{ url: receiver.url, secret: 'WEBHOOK_ACME' }] });
  await stand.db('stock').where({ node_id: 'STORE-A' }).update({ on_hand: 8 });
  const orderId = await stand.order(pickup());
  await stand.acceptAndPick(orderId, { 1: 5 });
  await stand.keep(orderId);
  await sendAll();
  expect(receiver.events.map(({ data }) => String(data['text']).split('\n')[0])).toEqual([
    '5 of 8 units of your order are ready to be picked up.',
    '3 units of your order were not on the shelf: 3 wait until the store has them.',
  ]);
});

test('one that nobody takes is tried again, one that is refused has an owner and can be sent again', async () => {
  await rule('*', {
    mail: [{ to: 'unknown@acme.example' }],
    webhooks: [{ url: receiver.url, secret: 'WEBHOOK_ACME' }],
  });
  const orderId = await stand.order(pickup());
  await stand.acceptAndPick(orderId, { 1: 8 });
  receiver.answers.push(503, 410);
  // The mailbox is not there, for good; the webhook is busy.
  expect(await sendAll()).toBe(1);
  expect(await stated()).toMatchObject([
    { via: 'mail', state: 'failed' },
    { via: 'webhook', state: 'waiting' },
  ]);
  expect(await sendAll()).toBe(0);
  expect((await stated()).map((row) => (row as { state: string }).state)).toEqual(['failed', 'failed']);
  expect(await stand.db('exception').where({ kind: 'notice-failed', status: 'open' })).toHaveLength(2);
  const { id } = await stand.db('notice').where({ via: 'webhook' }).first('id');
  // Two press at the same time: it is sent once more, and the timeline says by whom.
  const pressed = await Promise.all(
    ['olga', 'omar'].map((by) => stand.run((tx) => resendNotice(tx, id, by, NOW))),
  );
  expect(pressed.filter(Boolean)).toHaveLength(1);
  expect(await stand.told(orderId, 'notice-resent')).toHaveLength(1);
  expect(await sendAll()).toBe(0);
  expect(receiver.events).toHaveLength(1);
  expect(await stand.db('exception').where({ kind: 'notice-failed', status: 'open' })).toHaveLength(1);
});

test('a receiver that never answers is given up after so many tries', async () => {
  await rule('*', { mail: [{ to: 'bo@acme.example' }] });
  const orderId = await stand.order(pickup());
  await stand.acceptAndPick(orderId, { 1: 8 });
  mail.isBusy = true;
  for (let tries = 1; tries < 20; tries++) expect(await sendAll()).toBe(1);
  expect(await sendAll()).toBe(0);
  expect(await stand.db('notice').first('state', 'tries')).toMatchObject({ state: 'failed' });
  expect(await stand.db('exception').where({ kind: 'notice-failed' })).toMatchObject([
    {
      status: 'open',
      owner_role: 'operations',
      order_id: orderId,
      text: expect.stringContaining('bo@acme.example could not be told'),
    },
  ]);
});

test('a notice whose job was lost is woken and sent once', async () => {
  await rule('*', { mail: [{ to: 'bo@acme.example' }] });
  const orderId = await stand.order(pickup());
  await stand.acceptAndPick(orderId, { 1: 8 });
  await stand.db.raw('select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))');
  const later = '2099-01-01T00:00:00.000Z';
  expect(await wakeForgotten(stand.db, NOW)).toBe(0);
  expect(await wakeForgotten(stand.db, later)).toBe(1);
  expect(await wakeForgotten(stand.db, later)).toBe(0);
  expect(await sendAll()).toBe(0);
  expect(mail.mails).toHaveLength(1);
  expect(await wakeForgotten(stand.db, later)).toBe(0);
});

test('nothing leaves unsigned, unencrypted or without a mail server; an order that nobody asked about tells nobody', async () => {
  const orderId = await stand.order(pickup());
  await stand.acceptAndPick(orderId, { 1: 8 });
  expect(await stated()).toEqual([]);
  const notice = (address: string, secretName: string): OutgoingNotice => ({
    id: '019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60',
    type: 'pickup.ready',
    at: NOW,
    orderId,
    via: 'webhook',
    address,
    secretName,
    subject: 's',
    text: 't',
    data: {},
  });
  expect(await notices.send(notice('http://acme.example/hooks', 'WEBHOOK_ACME'))).toMatchObject({
    reason: 'a webhook is called over https only',
  });
  expect(await notices.send(notice(receiver.url, 'WEBHOOK_OTHER'))).toMatchObject({ kind: 'refused' });
  const bare = createNotices({
    mail: null,
    publicUrl: 'http://localhost',
    timeoutMs: 1000,
    production: true,
    secret: () => receiver.secret,
  });
  expect(await bare.send(notice(receiver.url, 'WEBHOOK_ACME'))).toMatchObject({ kind: 'refused' });
  const letter = { ...notice('bo@acme.example', ''), via: 'mail' as const };
  expect(await bare.send(letter)).toMatchObject({ kind: 'refused' });
  expect(receiver.events).toEqual([]);
});

test('a store that cannot do it has its buyer told; one that hands over in time tells no end', async () => {
  await rule('*', { webhooks: [{ url: receiver.url, secret: 'WEBHOOK_ACME' }] });
  const rejected = await stand.order(pickup());
  const at = await stand.worker(rejected);
  await stand.does((tx) => rejectTask(tx, at, { reason: 'closing', note: null }, NOW));
  await stand.keep(rejected);
  const given = await stand.order(pickup());
  await stand.acceptAndPick(given, { 1: 8 });
  const proof = { kind: 'signature', receivedBy: 'Bo Buyer', signatureReference: 'SIG-1' } as const;
  const worker = await stand.worker(given);
  await stand.does((tx) => handOver(tx, worker, { proof, rest: 'cancel' }, NOW));
  await stand.keep(given);
  await sendAll();
  expect(receiver.events.map(({ type, subject }) => [type, subject])).toEqual([
    ['order-hub.pickup.cancelled', rejected],
    ['order-hub.pickup.ready', given],
  ]);
});
