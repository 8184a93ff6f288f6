import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { RuleKindView, RuleVersionView } from '../api/contract/rules';
import { callHub, HubCommandError } from './hub-api';
import { minute } from './instants';
import { printTable } from './print-table';

interface SaveOptions {
  readonly from?: string;
  readonly note?: string;
  readonly basedOn?: string;
}

/** Sentences as lines that a terminal has room for. */
const inLines = (text: string) => text.replaceAll(/(.{1,92})(?:\s+|$)/g, '    $1\n').trimEnd();

const place = (kind: string) => `/api/v1/rules/${encodeURIComponent(kind)}`;

/** `hub rule ...`: the rules that the company's own people edit, in the running hub. */
export function addRuleCommands(program: Command): void {
  const rules = program.command('rule').description('rules of the running hub');
  rules
    .command('kinds')
    .description('what there are rules of')
    .option('--json', 'for programs: with the schema of each')
    .action(async (options: { json?: boolean }) => {
      const { items } = (await callHub('/api/v1/rules')) as { items: RuleKindView[] };
      if (options.json === true) return console.log(JSON.stringify(items));
      for (const one of items) {
        console.log(one.kind);
        console.log(inLines(one.about));
        console.log(inLines(`One for each: ${one.scopeIs}`));
      }
    });
  rules
    .command('list')
    .description('the rules of a kind, each in its latest version')
    .argument('<kind>')
    .option('--json', 'for programs')
    .action(async (kind: string, options: { json?: boolean }) => {
      const { items } = (await callHub(place(kind))) as { items: RuleVersionView[] };
      print(items, options.json === true);
    });
  rules
    .command('show')
    .description('all versions of a rule')
    .argument('<kind>')
    .argument('<scope>')
    .option('--json', 'for programs')
    .action(async (kind: string, scope: string, options: { json?: boolean }) => {
      const query = new URLSearchParams({ scope });
      const { items } = (await callHub(`${place(kind)}/versions?${query.toString()}`)) as {
        items: RuleVersionView[];
      };
      print(items, options.json === true);
      const current = items.find((one) => one.inForce);
      if (options.json !== true && current)
        console.log(`\nVersion ${current.version}, in force:\n${JSON.stringify(current.body, null, 2)}`);
    });
  saving(rules.command('save').description('save the next version of a rule'))
    .argument('<file>', 'JSON: the body')
    .action(async (kind: string, scope: string, file: string, options: SaveOptions) => {
      await save(kind, scope, await readBody(file), options);
    });
  saving(rules.command('withdraw').description('end a rule; its versions stay')).action(
    async (kind: string, scope: string, options: SaveOptions) => {
      await save(kind, scope, null, options);
    },
  );
}

const saving = (command: Command): Command =>
  command
    .argument('<kind>')
    .argument('<scope>')
    .option('--from <instant>', 'in force from then on (now)')
    .option('--note <text>', 'why')
    .option('--based-on <version>', 'refused where another version was saved meanwhile');

async function readBody(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HubCommandError(`${file} cannot be read: ${String(error)}`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new HubCommandError(`${file} is not JSON: ${String(error)}`);
  }
}

async function save(kind: string, scope: string, body: unknown, options: SaveOptions): Promise<void> {
  const saved = (await callHub(place(kind), {
    method: 'POST',
    idempotencyKey: randomUUID(),
    body: {
      scope,
      body,
      ...(options.from !== undefined && { validFrom: options.from }),
      ...(options.note !== undefined && { note: options.note }),
      ...(options.basedOn !== undefined && { basedOn: Number(options.basedOn) }),
    },
  })) as { version: number };
  console.log(`${kind} ${scope}: version ${saved.version} ${body === null ? 'withdraws it' : 'is saved'}.`);
}

function print(items: readonly RuleVersionView[], asJson: boolean): void {
  if (asJson) return console.log(JSON.stringify(items));
  printTable(
    ['for', 'version', 'state', 'from', 'saved by', 'why'],
    items.map((one) => [
      one.scope,
      String(one.version),
      one.withdrawn ? 'withdrawn' : one.inForce ? 'in force' : '',
      minute(one.validFrom),
      one.savedBy,
      one.note,
    ]),
  );
}
