import type { Command } from 'commander';
import type { OrderSourcingView, SourcingTrialView, WhichRuleView } from '../api/contract/sourcing';
import { callHub } from './hub-api';
import { minute } from './instants';
import { printTable } from './print-table';
import { findOrder } from './record-commands';

const asked = ['item', 'itemClass', 'customer', 'country', 'state', 'postalCode', 'orderType', 'channel'];
const dashed = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

interface Format {
  readonly json?: boolean;
}

/** `hub sourcing ...`: where orders ship from and why, which rule counts, what a set on trial would have done. */
export function addSourcingCommands(program: Command): void {
  const sourcing = program.command('sourcing').description('where orders ship from, and by which rule');
  sourcing
    .command('why')
    .description(
      'the nodes of an order: chosen by which rule, what each other node lacks, what came from nowhere',
    )
    .argument('<order>', 'id, order number or purchase order number')
    .option('--json', 'for programs')
    .action(async (name: string, { json }: Format) => {
      const order = await findOrder(name);
      const view = (await callHub(`/api/v1/orders/${order.id}/sourcing`)) as OrderSourcingView;
      if (json === true) return console.log(JSON.stringify(view));
      for (const choice of view.items.toReversed()) printChoice(choice);
      if (view.items.length === 0) console.log(`Nothing of ${order.orderNumber} was to be sourced.`);
    });
  const rule = sourcing
    .command('rule')
    .description('which rule would apply to a line like this, and which others it goes before')
    .option('--set <set>', 'live or shadow', 'live')
    .option('--json', 'for programs');
  for (const name of asked) rule.option(`--${dashed(name)} <value>`);
  rule.action(async ({ json, ...about }: Format & Readonly<Record<string, string>>) => {
    const query = new URLSearchParams(about as Record<string, string>);
    const view = (await callHub(`/api/v1/sourcing/rule?${query.toString()}`)) as WhichRuleView;
    if (json === true) return console.log(JSON.stringify(view));
    const set = view.version === 0 ? 'no set is saved' : `version ${view.version}`;
    console.log(`Nodes by rule ${view.ofLine}, comparison and limits by rule ${view.ofOrder} (${set}).\n`);
    printTable(
      ['matching, first counts', 'for'],
      view.matching.map((one) => [one.name, told(one.when) || 'everything']),
    );
  });
  sourcing
    .command('trial')
    .description('what the set of rules on trial would have done to the orders placed since')
    .option('--json', 'for programs')
    .action(async ({ json }: Format) => {
      const view = (await callHub('/api/v1/sourcing/trial')) as SourcingTrialView;
      if (json === true) return console.log(JSON.stringify(view));
      printTrial(view);
    });
}

const fieldsOf = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;
const told = (when: unknown) =>
  Object.entries(fieldsOf(when))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

function printChoice(choice: OrderSourcingView['items'][number]): void {
  console.log(`${minute(choice.decidedAt)} by ${choice.rule}, version ${choice.ruleVersion}`);
  const constraints = Object.entries(fieldsOf(fieldsOf(choice.summary)['constraints']));
  for (const [name, by] of constraints) console.log(`  asked for: ${name} (${String(by)})`);
  for (const one of choice.shortages)
    console.log(
      `  line ${one.lineNumber}: ${one.quantity} of ${one.itemId} from nowhere${one.text === null ? '' : `: ${one.text}`}`,
    );
  printTable(
    ['node', 'units', 'why'],
    choice.considered.map((node) => [node.nodeId, node.taken ? String(node.fills) : '-', node.reason]),
    [1],
  );
  console.log('');
}

const terms = ['freight', 'nodeCost', 'shipments', 'distance', 'days', 'daysLate', 'short'];
const nodesOf = (plan: unknown) => {
  const { nodes } = fieldsOf(plan);
  return Array.isArray(nodes) ? nodes.join(', ') : '';
};

function printTrial({ version, orders, untried, differ, live, shadow, different }: SourcingTrialView): void {
  if (version === null) return console.log('No set of rules is on trial.');
  const open = untried > 0 ? `, ${untried} are still to be tried` : '';
  console.log(`Version ${version} was tried on ${orders} orders; ${differ} would ship otherwise${open}.\n`);
  const sum = (of: unknown, term: string) => Number(fieldsOf(of)[term] ?? 0);
  printTable(
    ['', 'live', 'on trial', 'difference'],
    terms.map((term) => [
      term,
      String(sum(live, term)),
      String(sum(shadow, term)),
      String(sum(shadow, term) - sum(live, term)),
    ]),
    [1, 2, 3],
  );
  if (different.length === 0) return;
  console.log('');
  printTable(
    ['order', 'ships from', 'would ship from'],
    different.map((one) => [one.orderNumber, nodesOf(one.live), nodesOf(one.shadow)]),
  );
}
