import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { trySourcing } from '../../application/sourcing/try-sourcing';
import { addSourcingCommands } from '../../cli/sourcing-commands';
import { type ApiServer, startApi } from '../support/api-ground';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;
const said: string[] = [];

async function rules(scope: string, name: string, node: string): Promise<void> {
  const body = { rules: [{ name, when: { country: 'US' }, sequence: [[node]] }] };
  const of = {
    kind: 'sourcing',
    scope,
    body,
    validFrom: null,
    note: 'a test',
    person: 'olga',
    basedOn: null,
  };
  expect(await database.db.transaction((tx) => saveRule(tx, of))).toMatchObject({ kind: 'saved' });
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await seedCompany(db, { stock: { BOLT: { EAST: 6, WEST: 30 } } });
  await db('api_key').insert({
    name: 'olga',
    secret_hash: createHash('sha256').update('olga').digest('hex'),
    scopes: ['orders:read', 'rules:read'],
    person: 'olga',
  } as never);
  await rules('live', 'us-east', 'EAST');
  await rules('shadow', 'us-west', 'WEST');
  const request = purchaseOrder([line('BOLT', '10', '10.00')], { purchaseOrderNumber: 'PO-CLI' });
  await db.transaction((tx) => placeOrder(tx, request, NOW));
  await trySourcing(db, NOW);
  api = await startApi(db);
  process.env['HUB_URL'] = api.url;
  process.env['HUB_API_KEY'] = 'olga';
  jest.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env['HUB_URL'];
  delete process.env['HUB_API_KEY'];
  await api.close();
  await database.drop();
});

async function hub(...words: string[]): Promise<string> {
  said.length = 0;
  const program = new Command('hub').exitOverride();
  addSourcingCommands(program);
  await program.parseAsync(['sourcing', ...words], { from: 'user' });
  return said.join('\n');
}

test('why an order ships from where it does, and what of it comes from nowhere', async () => {
  const text = await hub('why', 'PO-CLI');
  expect(text).toContain('by sourcing/us-east, version 1');
  expect(text).toContain(
    'line 1: 4 of BOLT from nowhere: the sourcing rule lets it come from no node that has it',
  );
  expect(text).toMatch(/^EAST +6 +fills 1 of 1 lines/m);
  expect(text).toMatch(/^WEST +- +rule "us-east" does not name it/m);
});

test('which rule would apply, of the live set and of the one on trial', async () => {
  expect(await hub('rule', '--country', 'US')).toContain('Nodes by rule us-east');
  expect(await hub('rule', '--country', 'US', '--set', 'shadow')).toContain('Nodes by rule us-west');
  expect(await hub('rule', '--country', 'DE', '--item', 'BOLT')).toContain('Nodes by rule default');
});

test('what a set on trial would have done', async () => {
  const text = await hub('trial');
  expect(text).toContain('Version 1 was tried on 1 orders; 1 would ship otherwise.');
  expect(text).toMatch(/^short +4 +0 +-4$/m);
  expect(text).toMatch(/EAST +WEST$/m);
});
