import { createHash } from 'node:crypto';
import { readArrivalBytes } from '../../db/repositories/arrivals';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { GatewayDoor, NOW, order, trusted } from '../support/gateway-door';
import { setUpPartner } from '../support/trading-partner';

const GIGABYTE = 1024 * 1024 * 1024;

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
});
afterEach(() => door.database.drop());

async function* inPieces(text: string) {
  for (let at = 0; at < text.length; at += 65_000) yield Buffer.from(text.slice(at, at + 65_000), 'latin1');
}

const counts = async () =>
  Object.fromEntries(
    (await door.db('interchange').where({ direction: 'in' }).groupBy('status').select('status').count()).map(
      ({ status, count }) => [status, count],
    ),
  );

test('ten thousand small interchanges in one file are judged in well under a minute', async () => {
  const text = Array.from({ length: 10_000 }, (_, at) => order(at + 1, `PO${at + 1}`)).join('\n');
  const [id = ''] = await receiveArrival(door.db, inPieces(text), trusted, {
    now: NOW,
    limitBytes: GIGABYTE,
  }).then(({ interchanges }) => interchanges.map((one) => one.id));
  await door.judge(id);
  expect(await counts()).toEqual({ judged: 10_000 });
  expect(await door.db('order_inbox').orderBy('id').limit(3).pluck('purchase_order_number')).toEqual([
    'PO1',
    'PO2',
    'PO3',
  ]);
}, 180_000);

test('an interchange of more than 50 MB is kept and refused by name, and those beside it are judged', async () => {
  const long = order(2, 'PO2').replace('PO1*', `MSG*${'x'.repeat(51 * 1024 * 1024)}~PO1*`);
  const text = [order(1, 'PO1'), long, order(3, 'PO3')].join('');
  const { interchanges } = await receiveArrival(door.db, inPieces(text), trusted, {
    now: NOW,
    limitBytes: GIGABYTE,
  });
  await door.judge(interchanges[0]?.id ?? '');
  expect(await counts()).toEqual({ judged: 2, rejected: 1 });
  expect(await door.exceptions()).toEqual(['interchange-too-large']);
  expect(await door.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual(['PO1', 'PO3']);
});

test('an interchange that lies across chunks of the archive is judged from exactly its own bytes', async () => {
  const text = Array.from({ length: 40 }, (_, at) =>
    order(at + 1, `PO${at + 1}`).replace('PO1*', `MSG*${'x'.repeat(150_000)}~PO1*`),
  ).join('');
  const { interchanges } = await receiveArrival(door.db, inPieces(text), trusted, {
    now: NOW,
    limitBytes: GIGABYTE,
  });
  await door.judge(interchanges[0]?.id ?? '');
  expect(await counts()).toEqual({ judged: 40 });
  const rows = await door.db('interchange').where({ direction: 'in' }).orderBy('ordinal').select('*');
  for (const row of rows) {
    const bytes = await readArrivalBytes(door.db, row.arrival_id, row.byte_offset, row.byte_length);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(row.sha256.toString('hex'));
    expect(bytes.toString('latin1').trim()).toMatch(/^ISA.*IEA\*1\*\d{9}~$/s);
  }
});

test('a large file that holds no interchange is one row that says so', async () => {
  const { interchanges } = await receiveArrival(
    door.db,
    inPieces('no EDI at all\n'.repeat(400_000)),
    trusted,
    {
      now: NOW,
      limitBytes: GIGABYTE,
    },
  );
  await door.judge(interchanges[0]?.id ?? '');
  expect(await counts()).toEqual({ rejected: 1 });
  expect(await door.exceptions()).toEqual(['arrival-unreadable']);
});

test('many small interchanges cost few statements each: what they have in common is read and written once', async () => {
  const [id = ''] = await door.receive(
    Array.from({ length: 50 }, (_, at) => order(at + 1, `PO${at + 1}`)).join(''),
  );
  let statements = 0;
  door.db.on('query', () => {
    statements += 1;
  });
  await door.judge(id);
  expect(await counts()).toEqual({ judged: 50 });
  expect(statements).toBeLessThan(50);
});

test('of those that are judged together each knows what the ones before it used', async () => {
  const other = order(1, 'PO9');
  const [id = ''] = await door.receive(
    // The same again, the same number with other bytes, the same purchase order under another number.
    [order(1, 'PO1'), order(1, 'PO1'), other, order(2, 'PO1'), order(3, 'PO3').replace('850', '999999')].join(
      '',
    ),
  );
  await door.judge(id);
  const rows = await door
    .db('interchange')
    .where({ direction: 'in' })
    .orderBy('ordinal')
    .select('status', 'ta1_note');
  expect(rows.map(({ status, ta1_note }) => `${status} ${ta1_note}`)).toEqual([
    'judged 000',
    'duplicate 000',
    'rejected 025',
    'judged 000',
    'judged 000',
  ]);
  expect(await door.db('order_inbox').orderBy('id').pluck('purchase_order_number')).toEqual(['PO1', 'PO1']);
  const answered = (await door.outbound()).flatMap((text) => [...text.matchAll(/~AK1\*PO\*(\d+)~/g)]);
  expect(answered.map(([, number]) => number)).toEqual(['1', '1', '2', '3']);
});

test('a fault in one of many small interchanges sets only that one aside', async () => {
  const ids = await door.receive(
    Array.from({ length: 25 }, (_, at) => order(at + 1, `PO${at + 1}`)).join(''),
  );
  await door.db.raw(`create function refuse() returns trigger language plpgsql as $$ begin if new.purchase_order_number = 'PO13' then raise exception 'no'; end if; return new; end $$;
    create trigger refuse before insert on order_inbox for each row execute function refuse()`);
  for (let attempt = 1; attempt < 5; attempt += 1)
    await expect(door.judge(ids.at(-1) ?? '')).rejects.toThrow('no');
  expect(await counts()).toEqual({ judged: 12, received: 13 });
  await door.judge(ids.at(-1) ?? '');
  expect(await counts()).toEqual({ judged: 24, failed: 1 });
});
