import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { BuyerSettingsView } from '../api/contract/buyer-approvals';
import type { MoneyView } from '../api/contract/common';
import { callHub, HubCommandError } from './hub-api';
import { printTable } from './print-table';
import { asLimit } from './record-commands';

/** "any", or an amount in the company's currency. */
type Most = string;

interface Of {
  /** Left out by a buyer's own people, who see no company but theirs. */
  readonly customer?: string;
}
interface Saving extends Of {
  readonly basedOn?: number;
}
interface LimitOptions extends Saving {
  readonly upTo: Most;
  readonly approves?: Most;
  readonly costCentre?: string;
}
interface BudgetOptions extends Saving {
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly budget?: string;
}

const asAmount = (text: string): string => {
  if (!/^\d{1,12}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('an amount, as 500 or 500.00');
  return text;
};
const asMost = (text: string): Most => (text === 'any' ? text : asAmount(text));
const place = '/api/v1/buyer-settings';

/** `hub buyer ...`: what people of a buyer's company may order and approve without asking, and its budgets. */
export function addBuyerCommands(program: Command): void {
  const buyer = program.command('buyer').description("spending limits and budgets of a buyer's company");
  of(buyer.command('show').description('limits, budgets with what is left of them'))
    .option('--json', 'for programs')
    .action(async (options: Of & { json?: boolean }) => {
      const settings = await read(options);
      if (options.json === true) return console.log(JSON.stringify(settings));
      print(settings);
    });
  saving(buyer.command('limit').description('what a person may order without approval, and approve'))
    .argument('<person>')
    .requiredOption('--up-to <amount>', 'the largest order without approval, or "any"', asMost)
    .option(
      '--approves <amount>',
      'the largest order that the person approves, or "any"; none: no order',
      asMost,
    )
    .option('--cost-centre <name>', "of the person's orders")
    .action(async (person: string, { upTo, approves, costCentre, ...options }: LimitOptions) => {
      const { currency } = await read(options);
      await save('/people', options, {
        person,
        limitMinor: mostOf(upTo, currency),
        costCentre: costCentre ?? null,
        mayApprove: approves !== undefined,
        approvesUpToMinor: approves === undefined ? 0 : mostOf(approves, currency),
      });
      console.log(`The limit of ${person} is set.`);
    });
  saving(buyer.command('remove-limit').description('what the person orders needs approval from then on'))
    .argument('<person>')
    .requiredOption('--reason <reason>', 'kept with your name')
    .action(async (person: string, { reason, ...options }: Saving & { reason: string }) => {
      await save('/people/removals', options, { person, reason });
      console.log(`The limit of ${person} is removed.`);
    });
  saving(buyer.command('budget').description('plan a budget, or with --budget give one another amount'))
    .argument('<cost centre>')
    .requiredOption('--from <day>', 'as 2027-01-01')
    .requiredOption('--to <day>', 'its last day')
    .requiredOption('--amount <amount>', "in the company's currency", asAmount)
    .option('--budget <id>', 'one that is there, as show prints it')
    .action(async (costCentre: string, { from, to, amount, budget, ...options }: BudgetOptions) => {
      const { currency } = await read(options);
      await save('/budgets', options, {
        costCentre,
        from,
        to,
        amountMinor: minorOf(amount, currency),
        ...(budget !== undefined && { budgetId: budget }),
      });
      console.log(`The budget of ${costCentre} is ${amount} ${currency} from ${from} to ${to}.`);
    });
  saving(buyer.command('remove-budget').description('what approved orders took of it stays approved'))
    .argument('<budget>', 'its id, as show prints it')
    .requiredOption('--reason <reason>', 'kept with your name')
    .action(async (budget: string, { reason, ...options }: Saving & { reason: string }) => {
      await save(`/budgets/${encodeURIComponent(budget)}/removals`, options, { reason });
      console.log('The budget is removed.');
    });
}

const of = (command: Command): Command =>
  command.option('--customer <id>', "whose company; a buyer's own people leave it out");
const saving = (command: Command): Command =>
  of(command).option('--based-on <version>', 'refused where it was changed meanwhile', asLimit);

async function read({ customer }: Of): Promise<BuyerSettingsView> {
  const query = customer === undefined ? '' : `?${new URLSearchParams({ customerId: customer }).toString()}`;
  return (await callHub(`${place}${query}`)) as BuyerSettingsView;
}

async function save(path: string, { customer, basedOn }: Saving, body: object): Promise<void> {
  await callHub(`${place}${path}`, {
    method: 'POST',
    idempotencyKey: randomUUID(),
    body: { ...body, ...(customer !== undefined && { customerId: customer }) },
    ...(basedOn !== undefined && { ifVersion: basedOn }),
  });
}

const mostOf = (most: Most, currency: string) => (most === 'any' ? null : minorOf(most, currency));

/** As text: no amount passes through a float. */
function minorOf(amount: string, currency: string): number {
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const [whole = '', fraction = ''] = amount.split('.');
  if (fraction.length > places)
    throw new HubCommandError(`${amount}: ${currency} has ${places === 0 ? 'no' : places} decimal places.`);
  return Number(`${whole}${fraction.padEnd(places, '0')}`);
}

const amountOf = (money: MoneyView | null) => (money === null ? 'any' : `${money.amount} ${money.currency}`);

function print({ people, withoutLimit, budgets }: BuyerSettingsView): void {
  printTable(
    ['person', 'orders up to', 'approves up to', 'cost centre', 'set by', 'version'],
    people.map((one) => [
      one.person,
      amountOf(one.limit),
      one.mayApprove ? amountOf(one.approvesUpTo) : '',
      one.costCentre ?? '',
      one.savedBy,
      String(one.version),
    ]),
    [1, 2],
  );
  if (withoutLimit.length > 0) console.log(`\nWithout a limit: ${withoutLimit.join(', ')}`);
  if (budgets.length === 0) return;
  console.log('');
  printTable(
    ['budget', 'cost centre', 'from', 'to', 'amount', 'ordered', 'left', 'version'],
    budgets.map((one) => [
      one.id,
      one.costCentre,
      one.from,
      one.to,
      amountOf(one.amount),
      amountOf(one.spent),
      amountOf(one.left),
      String(one.version),
    ]),
    [4, 5, 6],
  );
}
