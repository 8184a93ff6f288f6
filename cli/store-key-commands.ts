import type { Command } from 'commander';
import type { StoreKeyGivenView, StoreKeyView } from '../api/contract/store-keys';
import { callHub, listHub } from './hub-api';
import { second } from './instants';
import { printTable } from './print-table';
import { asLimit } from './record-commands';

/** `hub store-key ...`: keys of stores' people, each of which works one store's tasks and nothing else. */
export function addStoreKeyCommands(program: Command): void {
  const keys = program.command('store-key').description("keys of stores' people");
  keys
    .command('list')
    .description('those that work, or with --ended those that were revoked or have expired')
    .option('--node <store>', 'of one store')
    .option('--ended', 'those that work no more')
    .option('--json', 'for programs')
    .option('--limit <n>', 'rows at the most', asLimit, 50)
    .action(async (options: { node?: string; ended?: boolean; json?: boolean; limit: number }) => {
      const query = { node: options.node, works: options.ended === true ? 'false' : 'true' };
      const rows = (await listHub('/api/v1/store-keys', query, options.limit)) as unknown as StoreKeyView[];
      if (options.json === true) return console.log(JSON.stringify(rows));
      printTable(
        ['key', 'store', 'person', 'name', 'given', 'by', 'valid until', 'ended'],
        rows.map((one) => [
          one.id,
          one.node.id,
          one.person ?? '',
          one.name,
          second(one.givenAt),
          one.givenBy ?? '',
          one.expiresAt === null ? 'no end set' : second(one.expiresAt),
          endOf(one),
        ]),
      );
    });
  keys
    .command('give')
    .description('a key for a person of a store; shown once')
    .argument('<store>', 'the id of its node')
    .argument('<person>', 'what the hub calls the person, as "ann"')
    .requiredOption('--name <name>', 'for people who read the list, as "Ann, Main Street"')
    .option('--days <n>', 'ends so many days from now; a year where it is left out', asLimit)
    .action(async (node: string, person: string, { name, days }: { name: string; days?: number }) => {
      const given = (await callHub('/api/v1/store-keys', {
        method: 'POST',
        body: { node, person, name, ...(days !== undefined && { validDays: days }) },
      })) as StoreKeyGivenView;
      console.log(given.key);
      const end = given.expiresAt === null ? '' : ` until ${second(given.expiresAt)}`;
      console.error(`For the tasks of ${given.node.name}${end}. The hub does not show it again.`);
    });
  keys
    .command('revoke')
    .description('for good')
    .argument('<key>', 'its id, as list prints it')
    .requiredOption('--reason <reason>', 'kept with the key, with your name')
    .action(async (id: string, { reason }: { reason: string }) => {
      const one = (await callHub(`/api/v1/store-keys/${encodeURIComponent(id)}/revocations`, {
        method: 'POST',
        body: { reason },
      })) as StoreKeyView;
      console.log(`The key ${one.name} is revoked.`);
    });
}

function endOf({ works, revokedAt, revokedBy, reason, expiresAt }: StoreKeyView): string {
  if (works) return '';
  if (revokedAt === null) return expiresAt === null ? '' : `expired ${second(expiresAt)}`;
  return `revoked ${second(revokedAt)}${revokedBy === null ? '' : ` by ${revokedBy}`}${reason === null ? '' : `: ${reason}`}`;
}
