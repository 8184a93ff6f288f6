import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { connect, type Db } from '../db/connection';
import { migrate } from '../db/migrate';
import { LINES_PER_ORDER, orderInterchange } from './intake/interchanges';
import { seedCompany } from './orders/company';
import { cpuMsOf } from './orders/process-costs';
import { freePort, Program } from './orders/processes';
import { atLeast, percentile, plain, type Row, report } from './report';

/**
 * Purchase orders in over HTTP, durable: the bytes archived, judged, the order requests and the 997 committed, with
 * synchronous commit. The door and one worker are processes of their own. Placing the orders and starting their
 * workflows is not part of it; that none is lost or doubled on the way is checked at the end.
 */
const CONNECTIONS = 8;
const TARGET_PER_SECOND = 500;
const STEADY_SHARE = 0.5;
const STEADY_SECONDS = 10;

let sent = 0;

function post(agent: Agent, url: string, n: number, orders: number): Promise<void> {
  const { partner, text } = orderInterchange(n, orders);
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${partner.key}`, 'content-length': Buffer.byteLength(text) };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('error', reject);
      response.on('end', () =>
        response.statusCode === 202
          ? resolve()
          : reject(new Error(`the door answered ${response.statusCode}`)),
      );
    });
    call.on('error', reject).end(text);
  });
}

/** Until everything that was sent is judged and its 997 rendered. */
async function settled(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await db.raw<{ rows: { open: boolean }[] }>(
      `select exists (select 1 from interchange where direction = 'in' and status = 'received')
           or exists (select 1 from document_request where status = 'waiting') as open`,
    );
    if (!rows[0]?.open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** As fast as they are taken over eight connections. @returns purchase orders a second, to the last 997 */
async function burst(db: Db, url: string, interchanges: number, orders: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const until = sent + interchanges;
  const startedAt = performance.now();
  const connection = async () => {
    while (sent < until) await post(agent, url, sent++, orders);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  await settled(db);
  agent.destroy();
  return (interchanges * orders * 1000) / (performance.now() - startedAt);
}

/** At an even rate, so that there is no queue. @returns milliseconds from the archive to the judgement of each */
async function steady(db: Db, url: string, perSecond: number, orders: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true });
  const from = new Date().toISOString();
  const startedAt = performance.now();
  const sending: Promise<void>[] = [];
  for (let n = 0; n < perSecond * STEADY_SECONDS; n += 1) {
    const waitMs = startedAt + (n * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    sending.push(post(agent, url, sent++, orders));
  }
  await Promise.all(sending);
  await settled(db);
  agent.destroy();
  const { rows } = await db.raw<{ rows: { ms: number }[] }>(
    `select cast(extract(epoch from judged_at - created_at) * 1000 as float8) as ms from interchange where direction = 'in' and created_at >= ?`,
    [from],
  );
  return rows.map(({ ms }) => ms);
}

async function faults(db: Db, orders: number): Promise<readonly string[]> {
  const { rows } = await db.raw<{
    rows: { inbox: number; numbers: number; acks: number; judged: number; exceptions: number }[];
  }>(
    `select (select count(*) from order_inbox) as inbox, (select count(distinct (partner_id, purchase_order_number)) from order_inbox) as numbers,
            (select count(*) from document where direction = 'out' and set_id = '997') as acks,
            (select count(*) from interchange where direction = 'in' and status = 'judged') as judged, (select count(*) from exception) as exceptions`,
  );
  const { inbox = 0, numbers = 0, acks = 0, judged = 0, exceptions = 0 } = rows[0] ?? {};
  const said = `${inbox} order requests of ${numbers} numbers for ${orders} sent, ${judged} interchanges judged and ${acks} 997s for ${sent}, ${exceptions} exceptions`;
  const right =
    inbox === orders && numbers === orders && judged === sent && acks === sent && exceptions === 0;
  return right ? [] : [said];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: run this by `npm run bench -- intake`');
  const say = (text: string) => console.log(`- ${text} (load ${loadavg()[0]?.toFixed(1)})`);
  say(
    `purchase orders of ${LINES_PER_ORDER} lines, ten and one an interchange, over ${CONNECTIONS} connections: takes about a minute`,
  );
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { poolMax: 3, applicationName: 'order-hub-bench' });
  await seedCompany(db);
  const port = await freePort();
  const door = new Program('door', 'bench/intake/door.js', { env: { DOOR_PORT: String(port) } });
  const judges = new Program('judges', 'bench/intake/judges.js');
  const url = `http://127.0.0.1:${port}/edi`;
  try {
    await Promise.all([door.ready(), judges.ready()]);
    await burst(db, url, 40, 10);
    const cpu = () => cpuMsOf([door.pid, judges.pid, Number(process.env['POSTGRES_PID'])]);
    const before = cpu();
    const ten = await burst(db, url, 600, 10);
    const after = cpu();
    say(`ten an interchange: ${ten.toFixed(0)} per s`);
    const beforeOne = cpu();
    const one = await burst(db, url, 1000, 1);
    const spentOnOne = cpu().reduce((sum, ms, at) => sum + ms - (beforeOne[at] ?? 0), 0) / 1000;
    say(`one an interchange: ${one.toFixed(0)} per s`);
    const perSecond = Math.max(1, Math.round((ten * STEADY_SHARE) / 10));
    const latenciesMs = await steady(db, url, perSecond, 10);
    const found = await faults(db, 640 * 10 + 1000 + perSecond * STEADY_SECONDS * 10);
    for (const fault of found) console.log(`! ${fault}`);
    if (found.length > 0) process.exitCode = 1;
    else say(`all ${sent} interchanges judged and acknowledged once, none of their orders lost or doubled`);
    const [ofDoor = 0, ofJudges = 0, ofPostgres = 0] = after.map((ms, at) => (ms - (before[at] ?? 0)) / 6000);
    const rows: readonly Row[] = [
      atLeast('purchase-orders', ten, 'per s', TARGET_PER_SECOND),
      plain('p99', percentile(latenciesMs, 0.99), 'ms'),
      plain('p50', percentile(latenciesMs, 0.5), 'ms'),
      plain('one-order-interchanges', one, 'per s'),
      plain('cpu-one-order-interchange', spentOnOne, 'ms'),
      plain('cpu-door', ofDoor, 'ms per order'),
      plain('cpu-judges', ofJudges, 'ms per order'),
      plain('cpu-postgres', ofPostgres, 'ms per order'),
    ];
    report('intake', rows, args);
  } finally {
    await Promise.all([door.stop(), judges.stop()]);
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
