import { spawnSync } from 'node:child_process';
import { planSourcing } from '../domain/allocation/plan-sourcing';
import { below, plain, type Row, report } from './report';
import { largeOrder, objectives } from './sourcing/large-order';

/**
 * How long the choice of nodes takes for an order of 1,000 lines over 50 nodes: processor time of the thread that plans.
 * The first plan of a process (cold code) and the median of those after it, each objective in a process of its own.
 */
const rounds = 9;

interface Measured {
  readonly milliseconds: readonly number[];
  readonly allocations: number;
  readonly shipments: number;
  readonly short: number;
}

function measure(name: string): Measured {
  const objective = objectives.find(([one]) => one === name)?.[1];
  if (objective === undefined) throw new Error(`there is no objective ${name}`);
  const problem = largeOrder(objective);
  const milliseconds: number[] = [];
  let plan = null;
  for (let round = 0; round < rounds; round++) {
    const began = process.threadCpuUsage();
    plan = planSourcing(problem);
    const { user, system } = process.threadCpuUsage(began);
    milliseconds.push((user + system) / 1000);
  }
  return {
    milliseconds,
    allocations: plan?.allocations.length ?? 0,
    shipments: plan?.terms.shipments ?? 0,
    short: plan?.shortages.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0,
  };
}

function rowsOf(name: string): readonly Row[] {
  const child = spawnSync(process.execPath, [__filename, '--objective', name], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${name}: ${child.stderr.slice(-500)}`);
  const { milliseconds, ...plan } = JSON.parse(child.stdout) as Measured;
  const [first, ...later] = milliseconds;
  const median = later.toSorted((a, b) => a - b)[Math.floor(later.length / 2)];
  const what = name.replaceAll(' ', '-');
  return [
    below(`${what}-first`, first ?? Number.NaN, 'ms CPU', 2000),
    plain(`${what}-median`, median ?? Number.NaN, 'ms CPU'),
    plain(`${what}-shipments`, plan.shipments, 'shipments'),
    plain(`${what}-allocations`, plan.allocations, 'allocations'),
    plain(`${what}-short`, plan.short, 'units'),
  ];
}

function main(args: readonly string[]): void {
  const at = args.indexOf('--objective');
  if (at >= 0) return console.log(JSON.stringify(measure(args[at + 1] as string)));
  report(
    'sourcing',
    objectives.flatMap(([name]) => rowsOf(name)),
    args,
  );
}

main(process.argv.slice(2));
