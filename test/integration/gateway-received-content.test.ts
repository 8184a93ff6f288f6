import { contentOfDocument } from '../../db/repositories/received-content';
import { renderWholeDocument, type WholeDocument } from '../../edi/mapping/whole-document';
import { replayDocument } from '../../gateway/intake/replay';
import { wakeForgotten } from '../../gateway/wake-forgotten';
import { GatewayDoor, NOW } from '../support/gateway-door';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db, { alsoSends: ['864'] });
});
afterEach(() => door.database.drop());

const segments = (number: string) => [
  `BMG*00*NOTE ${number}*03`,
  'DTM*097*20261120',
  'N1*BY*Acme*92*C1',
  'MIT*7',
  'MSG*THE DOCK IS CLOSED ON FRIDAY',
];
const answers = (controlNumber: number, ...numbers: string[]) =>
  interchange({
    controlNumber,
    groups: [
      group(
        'TX',
        controlNumber,
        numbers.map((number, at) => transactionSet('864', String(at + 1).padStart(4, '0'), segments(number))),
      ),
    ],
  });

const wholeOf = (content: unknown) => content as WholeDocument;
const rows = () => door.db('received_content').orderBy('id').select('*');

describe('a set that nothing in the hub acts on', () => {
  test('is accepted and kept whole, in the order it came, and somebody gets to see it', async () => {
    await door.send(answers(1, '1', '2'));
    await door.send(answers(2, '3'));
    const waiting = await rows();
    expect(waiting.map(({ state, set_id, kind }) => [state, set_id, kind])).toEqual([
      ['waiting', '864', 'document'],
      ['waiting', '864', 'document'],
      ['waiting', '864', 'document'],
    ]);
    const written = waiting.map(({ content }) => renderWholeDocument(wholeOf(content)).segments);
    expect(written[1]).toEqual(segments('2').map((segment) => segment.split('*')));
    expect(wholeOf(waiting[0]?.content).segments[3]).toMatchObject({
      position: 5,
      loop: 'MIT',
    });
    expect(await door.exceptions()).toEqual([]);

    await door.work();
    expect((await rows()).map(({ state }) => state)).toEqual(['kept', 'kept', 'kept']);
    expect(await door.exceptions()).toEqual(Array(3).fill('document-without-rule'));
    const [jobs] = await door
      .db('graphile_worker.jobs' as never)
      .where('key', 'like', 'work-received-content/%')
      .select('key');
    expect(jobs).toBeDefined();
  });

  test('is worked once, by however many workers', async () => {
    await door.send(answers(1, '1', '2', '3'));
    await Promise.all([door.work(), door.work(), door.work()]);
    expect(await door.db('exception').pluck('occurrences')).toEqual([1, 1, 1]);
  });

  test('can be worked again once there is a rule, read anew from the bytes as they came', async () => {
    await door.send(answers(1, '1'));
    await door.work();
    const [{ document_id: id }] = await rows();
    await door.db('received_content').update({ content: '{}' });
    expect(await replayDocument(door.db, id, { confirmed: false, now: NOW })).toMatchObject({
      kind: 'queued',
    });
    expect(await door.exceptions()).toEqual([]);
    const again = await contentOfDocument(door.db, id);
    expect(again).toMatchObject({ state: 'waiting', kind: 'document' });
    expect(wholeOf(again?.content).segments).toHaveLength(5);
    await door.work();
    expect(await door.exceptions()).toEqual(['document-without-rule']);
  });

  test('is not replayed while it still waits', async () => {
    await door.send(answers(1, '1'));
    const [{ document_id: id }] = await rows();
    expect(await replayDocument(door.db, id, { confirmed: false, now: NOW })).toEqual({
      kind: 'not-replayable',
      status: 'waiting',
    });
  });

  test('whose job was lost is woken by the sweep', async () => {
    await door.send(answers(1, '1'));
    await door.db.raw('delete from graphile_worker._private_jobs');
    expect(await wakeForgotten(door.db, '2100-01-01')).toBeGreaterThan(0);
    const keys = await door.db('graphile_worker.jobs' as never).pluck('key');
    expect(keys).toContain('work-received-content/again/ACME');
  });
});
