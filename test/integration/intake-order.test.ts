import { judgeReceived } from '../../gateway/intake/judge-received';
import { type ArrivalSource, receiveArrival } from '../../gateway/intake/receive-arrival';
import { clock, GatewayDoor, limitBytes, NOW, order, trusted } from '../support/gateway-door';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
});
afterEach(() => door.database.drop());

const change = (controlNumber: number, po: string) =>
  interchange({
    controlNumber,
    groups: [
      group('PC', controlNumber, [
        transactionSet('860', '0001', [`BCH*04*SA*${po}***20261122`, 'POC*1*QI*20*10*EA', 'CTT*1']),
      ]),
    ],
  });

/** Blank lines are a deviation that is accepted: an arrival too large to be taken apart at once, with little work. */
async function receiveLarge(
  interchanges: readonly string[],
  source: ArrivalSource = trusted,
): Promise<string> {
  const text = interchanges.join('\n'.repeat(4_500_000 / Math.max(1, interchanges.length - 1)));
  async function* parts() {
    for (let at = 0; at < text.length; at += 200_000)
      yield Buffer.from(text.slice(at, at + 200_000), 'latin1');
  }
  const { interchanges: rows } = await receiveArrival(door.db, parts(), source, { now: NOW, limitBytes });
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? '';
}

/** As so many workers would: each takes a job, and takes it again as long as another one is at it. */
async function raceJudges(ids: readonly string[]): Promise<void> {
  const all = Array.from({ length: 8 }, (_, worker) => ids[worker % ids.length] ?? '');
  await Promise.all(
    all.map(async (id) => {
      while ((await judgeReceived(door.db, id, clock)) === 'busy')
        await new Promise((resolve) => setTimeout(resolve, 20));
    }),
  );
  // What a job was left for in between.
  const jobs: string[] = await door
    .db('graphile_worker.jobs')
    .where({ task_identifier: 'judge-interchange' })
    .pluck('key');
  for (const key of jobs) await door.judge(key.replace('judge-interchange/', ''));
}

const inbox = async () =>
  (await door.db('order_inbox').orderBy('id').select('kind', 'purchase_order_number')).map(
    (row) => `${row.kind} ${row.purchase_order_number}`,
  );

test('changes that arrive while the large file with their orders is taken apart are worked after it', async () => {
  const large = await receiveLarge([order(1, 'PO1'), order(2, 'PO2'), order(3, 'PO3')]);
  const small = [];
  for (const [at, po] of ['PO3', 'PO1', 'PO2'].entries())
    small.push(...(await door.receive(change(10 + at, po))));
  await raceJudges([...small, large]);
  expect(await inbox()).toEqual([
    'order PO1',
    'order PO2',
    'order PO3',
    'change PO3',
    'change PO1',
    'change PO2',
  ]);
});

test('two large files of one sender are taken in the order they arrived, whichever is taken apart first', async () => {
  const first = await receiveLarge([order(1, 'PO1'), order(2, 'PO2')]);
  const second = await receiveLarge([change(3, 'PO2'), change(4, 'PO1')]);
  const last = await door.receive(order(5, 'PO3'));
  await raceJudges([second, ...last, first]);
  expect(await inbox()).toEqual(['order PO1', 'order PO2', 'change PO2', 'change PO1', 'order PO3']);
});

test('a van that sent a large file for many is waited for by those whose documents may be in it, and nobody else', async () => {
  await setUpPartner(door.db, { partnerId: 'GLOBEX' });
  const van: ArrivalSource = { kind: 'https', key: 'van', partnerId: null, allowedIsaIds: ['*'] };
  const fromGlobex = (text: string) =>
    text.replace('ACME           ', 'GLOBEX         ').replaceAll('ACMEGS', 'GLOBEXGS');
  const large = await receiveLarge([order(1, 'PO1'), fromGlobex(order(1, 'PO9'))], van);
  const receive = async (text: string, source: ArrivalSource) =>
    (await receiveArrival(door.db, Buffer.from(text), source, { now: NOW, limitBytes })).interchanges[0]
      ?.id ?? '';
  const waits = await receive(fromGlobex(change(2, 'PO9')), van);
  expect(await judgeReceived(door.db, waits, clock)).toBe('busy');
  const elsewhere = { ...van, key: 'another' };
  await setUpPartner(door.db, { partnerId: 'HOOLI' });
  const hooli = order(1, 'PO5').replace('ACME           ', 'HOOLI          ').replaceAll('ACMEGS', 'HOOLIGS');
  expect(await judgeReceived(door.db, await receive(hooli, elsewhere), clock)).toBe('done');
  await raceJudges([waits, large]);
  expect(await inbox()).toEqual(expect.arrayContaining(['order PO5', 'order PO1']));
  expect((await inbox()).filter((one) => one.endsWith('PO9'))).toEqual(['order PO9', 'change PO9']);
});

test('a large file that cannot be taken apart is set aside, and what came after it goes on', async () => {
  const large = await receiveLarge([order(1, 'PO1'), order(2, 'PO2')]);
  const small = await door.receive(order(3, 'PO3'));
  await door.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger refuse before insert on interchange for each row when (new.arrived_as is not null) execute function refuse()`);
  for (let attempt = 0; attempt < 4; attempt += 1)
    await expect(judgeReceived(door.db, large, clock)).rejects.toThrow('no');
  expect(await judgeReceived(door.db, small[0] ?? '', clock)).toBe('busy');
  await judgeReceived(door.db, large, clock);
  expect(await door.row(large)).toMatchObject({ status: 'failed' });
  expect(await door.exceptions()).toEqual(['interchange-failed']);
  await door.judge(small[0] ?? '');
  expect(await inbox()).toEqual(['order PO3']);
});
