import { loadavg } from 'node:os';
import { reconcileRecord } from '../application/stock/reconcile-record';
import { connect, type Db } from '../db/connection';
import { migrate } from '../db/migrate';
import { seedCompany } from './orders/company';
import { BUYERS, BuyersRace, UNITS } from './race/buyers';
import { seedDeciders } from './race/company';
import { ContenderProcesses } from './race/contenders';
import { type Race, races } from './race/races';
import { plain, type Row, report } from './report';
import { seededChance } from './seeded-chance';

/**
 * Who gets it, when two want the same at the same moment: every pair race 50 times, the 200 buyers five times, and
 * each of them five times with a process killed in the middle. Nothing may be sold, lent or decided twice, nothing may
 * deadlock, and the ledgers must be equal afterwards. `--only WORDS` races only those whose name has the words ("buyers"
 * for the 200), `--rounds N` as often.
 */
const pairRounds = Number(argumentOf('--rounds') ?? 50);
const only = argumentOf('--only');
const isWanted = (name: string) => only === undefined || name.includes(only);
const KILL_ROUNDS = 5;

function argumentOf(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

interface Count {
  placed: number;
  refused: number;
  errors5xx: number;
  readonly faults: string[];
}

async function deadlocks(db: Db): Promise<number> {
  await db.raw('select pg_stat_clear_snapshot()');
  const { rows } = await db.raw<{ rows: { deadlocks: number }[] }>(
    'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
  );
  return rows[0]?.deadlocks ?? 0;
}

async function raceBuyers(db: Db, seed: () => number, count: Count): Promise<void> {
  const buyers = new BuyersRace(db);
  try {
    for (let round = 0; round < 2 * KILL_ROUNDS; round += 1) {
      const killAfterMs = round < KILL_ROUNDS ? null : 20 + seed() * 400;
      const heard = await buyers.run(killAfterMs);
      count.placed += heard.placed;
      count.refused += heard.refused;
      count.errors5xx += heard.errors5xx;
      if (heard.placed !== UNITS || heard.refused !== BUYERS - UNITS)
        count.faults.push(
          `of ${BUYERS} buyers ${heard.placed} were placed, ${heard.refused} refused, others heard ${heard.others.join(', ')}`,
        );
    }
  } finally {
    await buyers.stop();
  }
}

async function racePair(db: Db, race: Race, seed: () => number, count: Count): Promise<void> {
  const now = () => new Date().toISOString();
  const processes = new ContenderProcesses(null);
  const killed = new ContenderProcesses(seed);
  const keep = (ended: Awaited<ReturnType<Race['run']>>) => {
    count.placed += ended.placed;
    count.refused += ended.refused;
    count.faults.push(...ended.faults.map((fault) => `${race.name}: ${fault}`));
  };
  try {
    for (let round = 0; round < pairRounds; round += 1) keep(await race.run(db, processes, now()));
    for (let round = 0; round < KILL_ROUNDS; round += 1) keep(await race.run(db, killed, now()));
  } finally {
    await Promise.all([processes.stop(), killed.stop()]);
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: run this by `npm run bench -- race`');
  const seed = Number(process.env['RACE_SEED'] ?? Math.floor(Math.random() * 1e9));
  const chosen = races.filter(({ name }) => isWanted(name));
  const withBuyers = isWanted(`${BUYERS} buyers`);
  const say = (text: string) => console.log(`- ${text} (load ${loadavg()[0]?.toFixed(1)})`);
  say(
    `${withBuyers ? `${BUYERS} buyers ten times, ` : ''}${chosen.length} pair races ${pairRounds + KILL_ROUNDS} times each, RACE_SEED=${seed}: takes about two minutes`,
  );
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { poolMax: 8, applicationName: 'order-hub-bench' });
  const chance = seededChance(seed);
  const count: Count = { placed: 0, refused: 0, errors5xx: 0, faults: [] };
  try {
    await seedCompany(db);
    await seedDeciders(db);
    if (withBuyers) {
      await raceBuyers(db, chance, count);
      say(`${BUYERS} buyers for ${UNITS} units: ${count.placed} placed, ${count.refused} refused`);
    }
    for (const race of chosen) {
      const before = count.faults.length;
      await racePair(db, race, chance, count);
      say(`${race.name}: ${count.faults.length === before ? 'ended well' : 'WENT WRONG'}`);
    }
    const differences = await reconcileRecord(db);
    for (const fault of [...count.faults, ...differences.map((difference) => JSON.stringify(difference))])
      console.log(`! ${fault}`);
    const none = (what: string, value: number): Row => ({
      what,
      value,
      unit: '',
      target: 0,
      met: value === 0,
    });
    const rows = [
      plain('placed', count.placed, ''),
      plain('refused', count.refused, ''),
      none('errors-5xx', count.errors5xx),
      none('deadlocks', await deadlocks(db)),
      none(
        'ledger-difference',
        differences.reduce((sum, { expected, found }) => sum + Math.abs(expected - found), 0),
      ),
      none('wrong-outcomes', count.faults.length),
    ];
    report('race', rows, args);
    if (rows.some(({ met }) => met === false)) process.exitCode = 1;
  } finally {
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
