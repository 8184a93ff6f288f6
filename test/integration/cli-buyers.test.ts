import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { addBuyerCommands } from '../../cli/buyer-commands';
import { type ApiServer, startApi } from '../support/api-ground';
import { seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { giveBuyer } from '../support/give-buyer';

let database: TestDatabase;
let api: ApiServer;
let said: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  await giveBuyer(database.db, 'ida', { person: 'ida', customerId: 'ACME', roles: ['buyer-admin'] });
  await giveBuyer(database.db, 'ben', { person: 'ben', customerId: 'ACME', roles: ['buyer'] });
  await database.db('api_key').insert({
    name: 'olga',
    person: 'olga',
    scopes: ['partners:write', 'orders:read'],
    secret_hash: createHash('sha256').update('olga').digest('hex'),
  });
  api = await startApi(database.db);
  process.env['HUB_URL'] = api.url;
});
afterAll(async () => {
  await api.close();
  await database.drop();
});
beforeEach(() => {
  said = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  // Commander tells on its own what it does not understand.
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => jest.restoreAllMocks());

async function hub(key: string, ...words: string[]): Promise<string> {
  process.env['HUB_API_KEY'] = key;
  said.length = 0;
  const program = new Command('hub').exitOverride();
  addBuyerCommands(program);
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();
  await program.parseAsync(['buyer', ...words], { from: 'user' });
  return said.join('\n');
}

test('an administrator of the company sets a limit, changes it only as it was seen, and removes it', async () => {
  expect(await hub('ida', 'limit', 'ben', '--up-to', '500.5', '--cost-centre', 'LAB')).toBe(
    'The limit of ben is set.',
  );
  expect(await hub('ida', 'show')).toMatch(/^ben +500\.50 USD +LAB +ida +1$/m);
  await hub('ida', 'limit', 'ben', '--up-to', 'any', '--approves', '2000', '--based-on', '1');
  expect(await hub('ida', 'show')).toMatch(/^ben +any +2000\.00 USD +ida +2$/m);
  await expect(hub('ida', 'limit', 'ben', '--up-to', '1', '--based-on', '1')).rejects.toThrow(
    /The hub answers 412/,
  );
  expect(await hub('ida', 'remove-limit', 'ben', '--reason', 'Ben has left')).toBe(
    'The limit of ben is removed.',
  );
  expect(JSON.parse(await hub('ida', 'show', '--json'))).toMatchObject({
    people: [],
    history: [{ kind: 'limit-removed', subject: 'ben', reason: 'Ben has left' }, {}, {}],
  });
});

test('the seller’s own people plan a budget for a company they name, give it another amount and remove it', async () => {
  const acme = ['--customer', 'ACME'];
  const year = ['--from', '2099-01-01', '--to', '2099-12-31'];
  expect(await hub('olga', 'budget', 'LAB', ...year, '--amount', '1000', ...acme)).toBe(
    'The budget of LAB is 1000 USD from 2099-01-01 to 2099-12-31.',
  );
  const [budget] = JSON.parse(await hub('olga', 'show', ...acme, '--json')).budgets;
  await hub('olga', 'budget', 'LAB', ...year, '--amount', '1250.75', '--budget', budget.id, ...acme);
  expect(await hub('olga', 'show', ...acme)).toMatch(/LAB .* 1250\.75 USD +0\.00 USD +1250\.75 USD +2$/m);
  expect(await hub('olga', 'remove-budget', budget.id, '--reason', 'planned anew', ...acme)).toBe(
    'The budget is removed.',
  );
});

test('who may not is told so, and an amount that is none is not sent', async () => {
  await expect(hub('ben', 'limit', 'ben', '--up-to', 'any')).rejects.toThrow(/The hub answers 403/);
  await expect(hub('ida', 'limit', 'ben', '--up-to', '5.001')).rejects.toThrow('USD has 2 decimal places');
  await expect(hub('ida', 'limit', 'ben', '--up-to', 'much')).rejects.toThrow(/an amount, as 500 or 500\.00/);
  expect(JSON.parse(await hub('ida', 'show', '--json')).people).toEqual([]);
});
