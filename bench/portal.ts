import { createHash } from 'node:crypto';
import { loadavg } from 'node:os';
import { reconcileRecord } from '../application/stock/reconcile-record';
import { connect, type Db } from '../db/connection';
import { migrate } from '../db/migrate';
import { type Answered, Caller, together } from './http-calls';
import { ITEMS, itemId, PARTNERS, partners, seedCompany } from './orders/company';
import { likeInUse } from './orders/outcome';
import { cpuMsOf } from './orders/process-costs';
import { freePort, Program } from './orders/processes';
import { atLeast, below, percentile, plain, report } from './report';

/**
 * Orders through the API, as portal and shops place them: validated, priced, credit-checked, reserved, durable with
 * synchronous commit, answered with the assessed order. Their workflows are not part of it.
 */
const WARM_UP = 300;
const TARGETS = { perSecond: 200, p99Ms: 300 } as const;

const keyOf = (n: number): string => `portal-key-${n % PARTNERS}`;

async function makeKeys(db: Db): Promise<void> {
  await db('api_key').insert(
    partners.map(({ id }, n) => ({
      name: keyOf(n),
      secret_hash: createHash('sha256').update(keyOf(n)).digest('hex'),
      scopes: ['orders:read', 'orders:write'],
      roles: ['buyer'],
      customer_id: id,
    })),
  );
}

class Shop {
  readonly #url: string;
  readonly #caller = new Caller();
  #placed = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Every order has its own number; neighbours are other buyers' and want other items. */
  order(lines: number): Promise<Answered> {
    const n = this.#placed++;
    const body = {
      purchaseOrderNumber: `WEB-${n}`,
      shipTo: { id: 'DC1' },
      lines: Array.from({ length: lines }, (_, line) => ({
        item: itemId(n * 7 + line * (1 + (n % 5))),
        quantity: String(1 + (line % 9)),
      })),
    };
    const headers = { authorization: `Bearer ${keyOf(n)}`, 'idempotency-key': `web-${n}` };
    return this.#caller.post(`${this.#url}/api/v1/orders`, body, headers);
  }

  get placed(): number {
    return this.#placed;
  }

  close(): void {
    this.#caller.close();
  }
}

async function measureLimit(db: Db): Promise<number> {
  await db.raw('create table bare_stock (item text primary key, quantity bigint not null)');
  await db.raw(
    'create table bare_order (id bigint generated always as identity primary key, item text, quantity int)',
  );
  await db('bare_stock').insert(
    Array.from({ length: ITEMS }, (_, n) => ({ item: itemId(n), quantity: 1_000_000 })),
  );
  const port = await freePort();
  const limit = new Program('limit', 'bench/portal/limit.js', { env: { LIMIT_PORT: String(port) } });
  const caller = new Caller();
  try {
    await limit.ready();
    const call = (n: number) => caller.post(`http://127.0.0.1:${port}/`, { item: itemId(n) });
    await together(8, 500, call);
    const { perSecond, answers } = await together(8, 5000, call);
    expectAll(answers, 201);
    return perSecond;
  } finally {
    caller.close();
    await limit.stop();
  }
}

function expectAll(answers: readonly Answered[], status: number): void {
  const others = answers.filter((answer) => answer.status !== status);
  if (others.length > 0)
    throw new Error(
      `${others.length} of ${answers.length} calls were answered ${others[0]?.status}, not ${status}`,
    );
}

/** Each placed once, and every level equal to its reservations. */
async function faults(db: Db, placed: number): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { orders: number; open: number }[] }>(
    `select count(*)::int as orders, count(*) filter (where state = 'placed')::int as open from orders`,
  );
  const { orders = 0, open = 0 } = rows[0] ?? {};
  const counted = orders === placed && open === placed;
  const differences = await reconcileRecord(db);
  return [
    ...(counted
      ? []
      : [`${orders} orders, ${open} of them placed without a hold, for ${placed} answered 201`]),
    ...differences.map((difference) => JSON.stringify(difference)),
  ];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: run this by `npm run bench -- portal`');
  const say = (text: string) => console.log(`- ${text} (load ${loadavg()[0]?.toFixed(1)})`);
  say('orders of one and of ten lines from 8 and from 32 clients: takes about a minute');
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { poolMax: 3, applicationName: 'order-hub-bench' });
  await seedCompany(db);
  await makeKeys(db);
  const port = await freePort();
  const profile = process.env['BENCH_CPU_PROFILE'];
  const nodeArgs = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const url = `http://127.0.0.1:${port}`;
  // Nothing listens there: orders are taken while the workflow engine is away.
  const env = { HUB_PORT: String(port), HUB_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const api = new Program('api', 'api/main.js', { env, nodeArgs });
  const shop = new Shop(url);
  try {
    await api.until('answering', () =>
      fetch(`${url}/livez`).then(
        (reply) => reply.ok,
        () => false,
      ),
    );
    await together(8, WARM_UP, () => shop.order(1));
    await likeInUse(db);
    const cpu = () => cpuMsOf([api.pid, Number(process.env['POSTGRES_PID'])]);
    const before = cpu();
    const eight = await together(8, 3000, () => shop.order(1));
    const after = cpu();
    say(`one line, 8 clients: ${eight.perSecond.toFixed(0)} per s`);
    const thirtyTwo = await together(32, 3000, () => shop.order(1));
    say(`one line, 32 clients: ${thirtyTwo.perSecond.toFixed(0)} per s`);
    const ten = await together(8, 1000, () => shop.order(10));
    say(`ten lines, 8 clients: ${ten.perSecond.toFixed(0)} per s`);
    expectAll([...eight.answers, ...thirtyTwo.answers, ...ten.answers], 201);
    const found = await faults(db, shop.placed);
    for (const fault of found) console.log(`! ${fault}`);
    if (found.length > 0) process.exitCode = 1;
    else say(`all ${shop.placed} orders are there once; levels equal their reservations`);
    const limit = await measureLimit(db);
    const ms = (of: { readonly answers: readonly Answered[] }) => of.answers.map((answer) => answer.ms);
    const [ofApi = 0, ofPostgres = 0] = after.map((total, at) => (total - (before[at] ?? 0)) / 3000);
    report(
      'portal',
      [
        atLeast('orders-8', eight.perSecond, 'per s', TARGETS.perSecond),
        below('p99-32', percentile(ms(thirtyTwo), 0.99), 'ms', TARGETS.p99Ms),
        plain('sql-limit', limit, 'per s'),
        plain('p99-8', percentile(ms(eight), 0.99), 'ms'),
        plain('p50-8', percentile(ms(eight), 0.5), 'ms'),
        plain('orders-32', thirtyTwo.perSecond, 'per s'),
        plain('orders-8-of-ten-lines', ten.perSecond, 'per s'),
        plain('cpu-api', ofApi, 'ms per order'),
        plain('cpu-postgres', ofPostgres, 'ms per order'),
      ],
      args,
    );
  } finally {
    shop.close();
    await api.stop();
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
