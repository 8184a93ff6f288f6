import { loadavg } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { connect, type Db } from '../db/connection';
import { migrate } from '../db/migrate';
import { type CallsOfOrder, callKinds, usualCalls } from './orders/calls';
import { seedCompany } from './orders/company';
import { measureNoop, type NoopMeasured } from './orders/noop';
import { findFaults, likeInUse, watchOrders } from './orders/outcome';
import { cpuMsOf, watchMemory } from './orders/process-costs';
import { type RunningHub, startHub } from './orders/processes';
import { EdiSender, LINES_PER_ORDER, purchaseOrder } from './orders/purchase-orders';
import { stagesSince } from './orders/stages';
import { atLeast, below, percentile, plain, type Row, report } from './report';

/**
 * The whole life of an order, 850 in to 810 out, one shipment: the real API and one worker over Temporal's server
 * proper and PostgreSQL with synchronous commit, the outside simulated over real HTTP without delay. Compared with a
 * workflow that makes the same calls and does nothing, on the same servers in the same run.
 */
const DEFAULT_ORDERS = 400;
const MIN_ORDERS = 60;
const BURST_SECONDS = 75;
/** Until plans are made on every connection and what is hot is compiled, here and at the no-op: a hub that has been up. */
const WARM_UP = 300;
const CONNECTIONS = 8;
/** Of the measured throughput: latencies are those of a hub that is busy, not of one that has a queue. */
const STEADY_SHARE = 0.5;
const STEADY_SECONDS = 20;
const MIN_STEADY = 20;
const TARGETS = { perSecond: 14, shareOfNoop: 0.7, rssMb: 450 } as const;

interface Measured {
  readonly perSecond: number;
  readonly cpuMs: Readonly<Record<(typeof parts)[number], number>>;
  readonly latenciesMs: readonly number[];
  readonly transactions: number;
}

const parts = ['worker', 'api', 'temporal', 'postgres', 'outside', 'bench'] as const;

class Run {
  readonly #db: Db;
  readonly #hub: RunningHub;
  readonly #sender: EdiSender;
  #sent = 0;

  constructor(db: Db, hub: RunningHub) {
    this.#db = db;
    this.#hub = hub;
    this.#sender = new EdiSender(hub.url);
  }

  get sent(): number {
    return this.#sent;
  }

  /** All at once: what the hub gets through when there is always more to do. */
  async burst(count: number): Promise<Measured> {
    const sending = this.#sender.burst(count, CONNECTIONS);
    return this.#measure(sending, count, 100);
  }

  async steady(perSecond: number): Promise<readonly number[]> {
    const count = Math.max(MIN_STEADY, Math.round(perSecond * STEADY_SECONDS));
    const { latenciesMs } = await this.#measure(this.#sender.evenly(count, perSecond), count, 25);
    return latenciesMs;
  }

  close(): void {
    this.#sender.close();
  }

  async #measure(sending: ReturnType<EdiSender['burst']>, count: number, everyMs: number): Promise<Measured> {
    const first = purchaseOrder(this.#sent).purchaseOrderNumber;
    this.#sent += count;
    const startedAt = performance.now();
    const [cpuBefore, transactionsBefore] = [this.#cpuMs(), await this.#transactions()];
    const { overAt, latenciesMs } = await watchOrders(this.#db, sending, { first, count, everyMs });
    const cpuAfter = this.#cpuMs();
    const cpuMs = Object.fromEntries(
      parts.map((part, at) => [part, ((cpuAfter[at] ?? 0) - (cpuBefore[at] ?? 0)) / count]),
    ) as Measured['cpuMs'];
    const transactions = ((await this.#transactions()) - transactionsBefore) / count;
    return { perSecond: (count * 1000) / (overAt - startedAt), cpuMs, latenciesMs, transactions };
  }

  #cpuMs(): readonly number[] {
    const { worker, api, outside } = this.#hub;
    const servers = [Number(process.env['TEMPORAL_PID']), Number(process.env['POSTGRES_PID'])];
    const { user, system } = process.cpuUsage();
    const others = cpuMsOf([worker.pid, api.pid, ...servers, outside.pid]);
    return [...others, (user + system) / 1000];
  }

  async #transactions(): Promise<number> {
    const { rows } = await this.#db.raw<{ rows: { count: number }[] }>(
      'select xact_commit as count from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.count ?? 0);
  }
}

function wanted(args: readonly string[], name: string, otherwise: number): number {
  const at = args.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(args[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} needs a count`);
  return value;
}

/** Fewer where the machine is slow or busy, so that all parts together end in time. */
function countFor(perSecond: number, most: number): number {
  return Math.max(MIN_ORDERS, Math.min(most, Math.round(perSecond * BURST_SECONDS)));
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by \`npm run bench -- orders\``);
  return value;
}

function rowsOf(
  burst: Measured,
  steadyMs: readonly number[],
  { perSecond: noop, cpuMs: noopCpuMs }: NoopMeasured,
  rssMb: number,
): readonly Row[] {
  const { worker, api, temporal, postgres, outside, bench } = burst.cpuMs;
  const cpuMs = worker + api + temporal + postgres;
  const goal = Math.max(TARGETS.perSecond, TARGETS.shareOfNoop * noop);
  return [
    atLeast('orders', burst.perSecond, 'per s', goal),
    plain('cpu-per-order', cpuMs, 'ms'),
    plain('noop-limit', noop, 'per s'),
    plain('p50', percentile(steadyMs, 0.5), 'ms'),
    plain('p99', percentile(steadyMs, 0.99), 'ms'),
    below('rss', rssMb, 'MB', TARGETS.rssMb),
    atLeast('share-of-noop', (100 * burst.perSecond) / noop, '%', 100 * TARGETS.shareOfNoop),
    // Both counted, not timed: this share also holds on a machine that others keep busy.
    plain('cpu-per-noop', noopCpuMs, 'ms'),
    plain('cpu-share-of-noop', (100 * noopCpuMs) / cpuMs, '%'),
    plain('cpu-worker', worker, 'ms'),
    plain('cpu-api', api, 'ms'),
    plain('cpu-temporal', temporal, 'ms'),
    plain('cpu-postgres', postgres, 'ms'),
    plain('cpu-outside-and-bench', outside + bench, 'ms'),
    plain('transactions', burst.transactions, 'per order'),
    plain('burst-p50', percentile(burst.latenciesMs, 0.5), 'ms'),
    plain('burst-p99', percentile(burst.latenciesMs, 0.99), 'ms'),
  ];
}

function callRows(of: CallsOfOrder): readonly Row[] {
  const count = (kind: (typeof callKinds)[number]) => of.calls.filter((call) => call === kind).length;
  return [
    plain('activities', count('activity'), 'per order'),
    plain('local-activities', count('local-activity'), 'per order'),
    plain('signals', count('signal'), 'per order'),
    plain('workflow-tasks', of.workflowTasks, 'per order'),
    plain('history-events', of.events, 'per order'),
  ];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const most = wanted(args, 'orders', DEFAULT_ORDERS);
  const databaseUrl = variable('DATABASE_URL');
  const address = variable('TEMPORAL_ADDRESS');
  const say = (text: string) => console.log(`- ${text} (load ${loadavg()[0]?.toFixed(1)})`);
  say(
    `up to ${most} purchase orders of ${LINES_PER_ORDER} lines, one an interchange, then ${STEADY_SECONDS} s at an even rate, and as many no-op workflows before and after: takes three to five minutes on two idle cores, at most twelve`,
  );
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { poolMax: 4, applicationName: 'order-hub-bench' });
  await seedCompany(db);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const hub = await startHub();
  const run = new Run(db, hub);
  try {
    const warmUp = await run.burst(WARM_UP);
    await likeInUse(db);
    const count = countFor(warmUp.perSecond, most);
    const orderIds = (await db('orders').orderBy('id', 'desc').limit(20).pluck('id')) as string[];
    const calls = await usualCalls(client, orderIds);
    say(
      `calls of an order (${Math.round(calls.share * 100)} % of ${orderIds.length} alike): ${calls.names.join(', ')}`,
    );
    const noopBefore = await measureNoop(client, calls.calls, { count, warmUp: WARM_UP }, 'before');
    say(`no-op workflows before: ${noopBefore.perSecond.toFixed(1)} per s`);
    const memory = watchMemory([hub.api.pid, hub.worker.pid]);
    const burst = await run.burst(count);
    say(`orders: ${burst.perSecond.toFixed(1)} per s`);
    if (args.includes('--stages')) {
      const stages = await stagesSince(db, purchaseOrder(WARM_UP).purchaseOrderNumber);
      console.log(['  ms since the 850   median    worst', ...stages.map((line) => `  ${line}`)].join('\n'));
    }
    const steadyMs = await run.steady(burst.perSecond * STEADY_SHARE);
    const rssMb = memory.stop();
    say(`latencies measured at ${(burst.perSecond * STEADY_SHARE).toFixed(1)} orders per s`);
    const noopAfter = await measureNoop(client, calls.calls, { count, warmUp: WARM_UP }, 'after');
    say(`no-op workflows after: ${noopAfter.perSecond.toFixed(1)} per s`);
    const faults = await findFaults(db, client, run.sent, hub);
    for (const fault of faults) console.log(`! ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
    else
      say(
        `each of ${run.sent} orders ended once, with one 855, 856 and 810; levels equal their reservations`,
      );
    const noop = {
      perSecond: (noopBefore.perSecond + noopAfter.perSecond) / 2,
      cpuMs: (noopBefore.cpuMs + noopAfter.cpuMs) / 2,
    };
    report('orders', [...rowsOf(burst, steadyMs, noop, rssMb), ...callRows(calls)], args);
  } finally {
    run.close();
    await hub.stop();
    await connection.close();
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
