import { createHash } from 'node:crypto';
import { requestDocument } from '../../db/repositories/document-requests';
import { raiseOverdueAcknowledgements } from '../../gateway/outbound/overdue';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { sendInterchanges } from '../../gateway/outbound/send-interchanges';
import { wakeForgotten } from '../../gateway/wake-forgotten';
import { type ApiServer, startApi } from '../support/api-ground';
import { clock, GatewayDoor, NOW, order } from '../support/gateway-door';
import { group, interchange, orderAnswer, purchaseOrder, setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;

beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db, { partnerId: 'GLOBEX' });
  for (const key of [
    { name: 'olga', person: 'olga' },
    { name: 'acme', partner_id: 'ACME', person: 'a' },
  ]) {
    if (key.partner_id) await door.db('partner').insert({ id: 'OTHER', name: 'Other' });
    await door.db('api_key').insert({
      ...key,
      ...(key.partner_id && { partner_id: 'OTHER' }),
      secret_hash: createHash('sha256').update(key.name).digest('hex'),
      scopes: ['documents:read', 'partners:read', 'partners:write', 'exceptions:write'],
    });
  }
  api = await startApi(door.db);
});
afterEach(async () => {
  await api.close();
  await door.database.drop();
});

const post = (path: string, body: unknown = {}, key = 'olga') => api.post(`/api/v1${path}`, body, key);
const get = (path: string, key = 'olga') => api.get(`/api/v1${path}`, key);

/** What a stranger sends: other separators, a suffix in its version. */
const stranger = (controlNumber: number, ...numbers: string[]) =>
  order(controlNumber, ...numbers)
    .replaceAll('*', '|')
    .replaceAll('004010~', '004010VICS~');

async function proposalFor(id: string) {
  const { status, body } = await get(`/interchanges/${id}/partner-set-up`);
  expect(status).toBe(200);
  return body;
}

it('a stranger is listed in quarantine, set up from its own file, and its replayed order is taken in and answered', async () => {
  const id = await door.send(stranger(7, 'PO7001'));
  const { body: listed } = await get('/interchanges?status=quarantined');
  expect(listed.items).toMatchObject([{ id, sender: 'ZZ:ACME', receiver: 'ZZ:HUB', ta1: { code: 'R' } }]);
  const proposed = await proposalFor(id);
  expect(proposed).toMatchObject({
    partner: { id: 'ACME', name: 'ACME', customerId: null },
    channel: { id: 'ACME-mailbox', kind: 'https-mailbox' },
    agreement: {
      id: 'ACME-HUB-P',
      usage: 'P',
      ownIsaId: 'HUB',
      partnerIsaId: 'ACME',
      policy: { separators: { element: '|', component: '>', segment: '~' } },
    },
  });
  const ids = { ownGsId: 'HUBGS', partnerGsId: 'ACMEGS', version: '004010VICS' };
  expect(proposed.agreement.documents).toMatchObject([
    { direction: 'in', set: '850', ...ids },
    { direction: 'out', set: '855', ...ids },
    { direction: 'out', set: '856', ...ids },
    { direction: 'out', set: '810', ...ids },
    { direction: 'in', set: '997', ...ids },
  ]);
  const completed = { ...proposed, partner: { ...proposed.partner, name: 'Acme', customerId: 'GLOBEX-C' } };
  expect((await post('/partner-set-ups', completed, 'acme')).status).toBe(403);
  expect(await post('/partner-set-ups', completed)).toMatchObject({
    status: 201,
    body: { partnerId: 'ACME', agreementId: 'ACME-HUB-P' },
  });
  expect((await post(`/documents/${id}/replays`)).status).toBe(202);
  await door.judge(id);
  expect(await door.row(id)).toMatchObject({ status: 'judged', partner_id: 'ACME' });
  expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO7001']);
  expect(await door.exceptions()).toEqual([]);
  await renderDocuments(door.db, 'ACME-HUB-P', clock);
  const [answer] = await door.db('interchange').where({ direction: 'out' }).select('content');
  expect(answer.content.toString('latin1')).toContain('AK5|A');
});

it('a set-up that contradicts what is there is refused as a whole, and says why', async () => {
  const id = await door.send(stranger(7, 'PO7001'));
  const proposed = await proposalFor(id);
  const wrong = { ...proposed, partner: { ...proposed.partner, customerId: 'NOBODY' } };
  const refused = await post('/partner-set-ups', wrong);
  expect(refused).toMatchObject({ status: 409, body: { type: '/problems/set-up-refused' } });
  expect(refused.body.detail).toContain('NOBODY');
  expect(await door.db('partner').where({ id: 'ACME' })).toEqual([]);
  const push = { ...proposed, channel: { id: 'push', kind: 'https-push', settings: { url: 'ftp://x' } } };
  expect((await post('/partner-set-ups', push)).body.errors[0].pointer).toBe('/channel/settings/url');
  const policy = { ...proposed, agreement: { ...proposed.agreement, policy: { batchSeconds: -1 } } };
  expect((await post('/partner-set-ups', policy)).status).toBe(400);
  expect((await post('/partner-set-ups', proposed)).status).toBe(201);
  expect((await post('/partner-set-ups', proposed)).status).toBe(409);
});

it.each([
  ['a release that nobody knows', { version: '007777' }, 'version', 'the hub knows no release 007777'],
  ['a set that the release does not have', { set: '777' }, 'set', 'the hub has no 777 in release 004010'],
  ['a guide that was not saved', { guide: 'acme-855' }, 'guide', 'there is no guide acme-855'],
  ['an option that no rendering has', { options: { reason: false } }, 'options', 'reason'],
])(
  'a set-up that names %s is refused before a document comes to grief on it',
  async (_, change, field, text) => {
    const proposed = await proposalFor(await door.send(stranger(7, 'PO7001')));
    const documents = proposed.agreement.documents.map((one: object, i: number) =>
      i === 1 ? { ...one, ...change } : one,
    );
    const refused = await post('/partner-set-ups', {
      ...proposed,
      agreement: { ...proposed.agreement, documents },
    });
    expect(refused.status).toBe(409);
    expect(refused.body.errors).toMatchObject([{ pointer: `/agreement/documents/1/${field}` }]);
    expect(refused.body.detail).toContain(text);
    expect(await door.db('partner').where({ id: 'ACME' })).toEqual([]);
  },
);

it('a replay asks first where the same purchase order came again meanwhile, taken in or in quarantine itself', async () => {
  const first = await door.send(stranger(7, 'PO7001', 'PO7002'));
  const second = await door.send(stranger(8, 'po7002'));
  expect((await post('/partner-set-ups', await proposalFor(first))).status).toBe(201);
  const asked = await post(`/documents/${first}/replays`);
  expect(asked).toMatchObject({ status: 409, body: { type: '/problems/to-be-confirmed' } });
  expect(asked.body.detail).toContain('PO7002');
  expect(asked.body.detail).not.toContain('PO7001');
  // The last one is what the partner means.
  expect((await post(`/documents/${second}/replays`)).status).toBe(202);
  await door.judge(second);
  expect((await post(`/documents/${first}/replays`)).status).toBe(409);
  expect((await post(`/documents/${first}/replays`, { confirmed: true })).status).toBe(202);
});

it('a partner gets a key of its own, which sends and polls for it and for nobody else', async () => {
  const given = await post('/partners/GLOBEX/keys', undefined, 'olga');
  expect(given).toMatchObject({ status: 201, body: { isaIds: ['ZZ:GLOBEX'] } });
  expect((await post('/partners/GLOBEX/keys', undefined, 'acme')).status).toBe(403);
  expect((await post('/partners/OTHER/keys', undefined, 'olga')).status).toBe(404);
  const { key } = given.body;
  const mine = interchange({ sender: 'GLOBEX', groups: [group('PO', 1, [purchaseOrder('PO1')], 'GLOBEX')] });
  const bring = (text: string) => api.post('/edi', text, key, { 'content-type': 'application/edi-x12' });
  expect((await bring(mine)).status).toBe(202);
  expect((await bring(order(1, 'PO2'))).status).toBe(403);
  expect((await api.get('/edi/documents?direction=out', key)).status).toBe(200);
  expect(JSON.stringify(await door.db('idempotency_key'))).not.toContain(key);
});

describe('a suspended partner', () => {
  it('is not answered; what it sends waits in quarantine and is taken in by a replay once it is live again', async () => {
    expect(await post('/partners/GLOBEX/status-changes', { status: 'suspended' })).toMatchObject({
      status: 200,
      body: { status: 'suspended' },
    });
    const text = interchange({
      sender: 'GLOBEX',
      groups: [group('PO', 1, [purchaseOrder('PO1')], 'GLOBEX')],
    });
    const id = await door.send(text);
    expect(await door.row(id)).toMatchObject({ status: 'quarantined', ta1_code: null });
    expect((await door.row(id)).problem).toMatch(/GLOBEX is suspended/);
    expect(await door.db('document_request')).toEqual([]);
    expect(await door.exceptions()).toEqual(['quarantine']);
    await post('/partners/GLOBEX/status-changes', { status: 'live' });
    expect((await post(`/documents/${id}/replays`)).status).toBe(202);
    await door.judge(id);
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
  });

  it('gets nothing either: what is asked for waits until it is live again', async () => {
    await post('/partners/GLOBEX/status-changes', { status: 'suspended' });
    await door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: 'order/1/855/1',
        partnerId: 'GLOBEX',
        set: '855',
        usage: 'P',
        payload: orderAnswer('PO1'),
      }),
    );
    expect(await renderDocuments(door.db, 'GLOBEX-P', clock)).toEqual({ rendered: 0, busy: false });
    await post('/partners/GLOBEX/status-changes', { status: 'live' });
    const jobs = await door.db('graphile_worker.jobs').where('key', 'like', '%resumed/GLOBEX-P').pluck('key');
    expect(jobs).toHaveLength(1);
    expect(await renderDocuments(door.db, 'GLOBEX-P', clock)).toMatchObject({ rendered: 1 });
  });

  const answer = (partnerId: string, po: string) =>
    door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: `${partnerId}/${po}`,
        partnerId,
        set: '855',
        usage: 'P',
        payload: orderAnswer(po),
      }),
    );
  const listed = async (key: string) =>
    (await api.get('/edi/documents', key)).body.documents.map(
      (one: { controlNumber: string }) => one.controlNumber,
    );

  it('cannot fetch what was rendered for it before; its mailbox offers it again, in order, once it is live', async () => {
    const { key } = (await post('/partners/GLOBEX/keys', undefined)).body;
    await answer('GLOBEX', 'PO1');
    await renderDocuments(door.db, 'GLOBEX-P', clock);
    const [{ id }] = (await api.get('/edi/documents', key)).body.documents;
    await post('/partners/GLOBEX/status-changes', { status: 'suspended' });
    await answer('GLOBEX', 'PO2');
    expect(await listed(key)).toEqual([]);
    expect((await api.get('/edi/documents?status=all', key)).body.documents).toEqual([]);
    expect(await api.get(`/edi/documents/${id}`, key)).toMatchObject({
      status: 409,
      body: { type: '/problems/suspended' },
    });
    await post('/partners/GLOBEX/status-changes', { status: 'live' });
    await renderDocuments(door.db, 'GLOBEX-P', clock);
    expect(await listed(key)).toEqual(['000000001', '000000002']);
    expect((await api.get(`/edi/documents/${id}`, key)).status).toBe(200);
  });

  it('is sent nothing on a channel it shares, while the others are; then everything, in the order of its numbers', async () => {
    for (const partnerId of ['INITECH', 'HOOLI'])
      await setUpPartner(door.db, { partnerId, ackDeadlineMinutes: 60 });
    await door.db('channel').insert({ id: 'SHARED', kind: 'https-push' });
    await door
      .db('interchange_agreement')
      .whereIn('partner_id', ['INITECH', 'HOOLI'])
      .update({ channel_id: 'SHARED' });
    const sent: string[] = [];
    const leave = () =>
      sendInterchanges(
        door.db,
        'SHARED',
        {
          'https-push': {
            send: async ({ receiver_id, control_number }) => {
              sent.push(`${receiver_id} ${Number(control_number)}`);
              return 'delivered';
            },
          },
        },
        clock,
      );
    await answer('INITECH', 'PO1');
    await answer('INITECH', 'PO2');
    await renderDocuments(door.db, 'INITECH-P', clock);
    await post('/partners/INITECH/status-changes', { status: 'suspended' });
    await answer('HOOLI', 'PO3');
    await answer('INITECH', 'PO4');
    for (const id of ['INITECH-P', 'HOOLI-P']) await renderDocuments(door.db, id, clock);
    await leave();
    expect(sent).toEqual(['HOOLI 1']);
    // What it never got is not missed, nor looked for again and again.
    await door.db('document').where({ partner_id: 'INITECH' }).update({ ack_due_at: '2026-11-22T17:00:00Z' });
    expect(await raiseOverdueAcknowledgements(door.db, NOW)).toBe(0);
    await door.db.raw('delete from graphile_worker._private_jobs');
    expect(await wakeForgotten(door.db, '2099-01-01T00:00:00Z')).toBe(0);

    await post('/partners/INITECH/status-changes', { status: 'live' });
    const woken = await door
      .db('graphile_worker.jobs')
      .where('key', 'like', '%/resumed/%')
      .orderBy('key')
      .pluck('key');
    expect(woken).toEqual(['render-documents/resumed/INITECH-P', 'send-interchanges/resumed/SHARED']);
    await renderDocuments(door.db, 'INITECH-P', clock);
    await leave();
    expect(sent).toEqual(['HOOLI 1', 'INITECH 1', 'INITECH 2']);
  });
});

it('who set a partner up, suspended and resumed it, gave it a key and assigned its guides is kept, and not shown to it', async () => {
  const id = await door.send(stranger(7, 'PO7001'));
  expect((await post('/partner-set-ups', await proposalFor(id))).status).toBe(201);
  for (const status of ['suspended', 'suspended', 'live'])
    await post('/partners/ACME/status-changes', { status });
  await post('/partners/ACME/keys', undefined);
  const guide = { name: 'acme-850', set: '850', version: '004010VICS', rules: [] };
  expect((await post('/guides', { guide })).status).toBe(201);
  const assigned = { agreementId: 'ACME-HUB-P', direction: 'in', set: '850', guide: 'acme-850' };
  for (const name of ['acme-850', 'acme-850', null])
    expect((await post('/guides/assignments', { ...assigned, guide: name })).status).toBe(204);
  const { history } = (await get('/partners/ACME')).body;
  expect(history.map(({ by, kind }: { by: string; kind: string }) => `${by} ${kind}`)).toEqual([
    'olga guide',
    'olga guide',
    'olga key',
    'olga status',
    'olga status',
    'olga set-up',
  ]);
  expect(history[0].detail).toMatchObject({ set: '850', from: 'acme-850', to: 'none' });
  expect(history[3].detail).toEqual({ from: 'suspended', to: 'live' });
  expect(history[5].at).toMatch(/^2\d{3}-\d\d-\d\dT[\d:.]+Z$/);
  // Who of ours decided is not a partner's business.
  await post('/partners/OTHER/status-changes', { status: 'suspended' });
  expect((await get('/partners/OTHER', 'acme')).body).toMatchObject({ status: 'suspended', history: [] });
});

describe('a group that no document agreement names', () => {
  const other = (controlNumber: number) =>
    interchange({
      sender: 'GLOBEX',
      controlNumber,
      groups: [group('PO', controlNumber, [purchaseOrder('PO1')], 'DC')],
    });

  it('is taken in, and somebody is told once', async () => {
    await door.send(other(1));
    await door.send(other(2));
    expect(await door.db('functional_group').pluck('ack_code')).toEqual(['A', 'A']);
    const open = await door.db('exception').where({ kind: 'document-undeclared' }).select('occurrences');
    expect(open).toEqual([{ occurrences: 2 }]);
  });

  it('is rejected where that was agreed: AK905 1, or 2 where only its release is another', async () => {
    await door
      .db('interchange_agreement')
      .where({ id: 'GLOBEX-P' })
      .update({ policy: JSON.stringify({ undeclaredDocuments: 'reject' }) });
    await door.send(other(1));
    const sets = [purchaseOrder('PO2')];
    await door.send(
      interchange({ sender: 'GLOBEX', controlNumber: 2, groups: [group('PO', 2, sets, 'GLOBEX', '005010')] }),
    );
    await door.send(
      interchange({ sender: 'GLOBEX', controlNumber: 3, groups: [group('PO', 3, sets, 'GLOBEX')] }),
    );
    expect(
      await door.db('functional_group').orderBy('control_number').select('ack_code', 'ack_errors'),
    ).toEqual([
      { ack_code: 'R', ack_errors: ['1'] },
      { ack_code: 'R', ack_errors: ['2'] },
      { ack_code: 'A', ack_errors: [] },
    ]);
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO2']);
  });
});

it('an interchange is seen by its own partner only', async () => {
  const id = await door.send(stranger(7, 'PO7001'));
  expect((await get(`/interchanges/${id}`)).body).toMatchObject({ status: 'quarantined', replayable: true });
  expect((await get(`/interchanges/${id}`, 'acme')).status).toBe(404);
  expect((await get(`/interchanges/${id}/raw`, 'acme')).status).toBe(404);
  expect((await get('/interchanges', 'acme')).body.items).toEqual([]);
  expect((await get(`/interchanges/${id}/raw`)).body).toContain('PO7001');
});
