import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { checkFiles } from '../../cli/edi/check';
import { addGuideCommands } from '../../cli/guide-commands';
import { addPartnerCommands } from '../../cli/partner-commands';
import { type ApiServer, startApi } from '../support/api-ground';
import { GatewayDoor } from '../support/gateway-door';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;
let folder: string;
const said: string[] = [];
const printed: string[] = [];

beforeAll(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  await door.db('api_key').insert({
    name: 'irene',
    secret_hash: createHash('sha256').update('irene').digest('hex'),
    scopes: ['partners:read', 'partners:write'],
    person: 'irene',
  } as never);
  api = await startApi(door.db);
  process.env['HUB_URL'] = api.url;
  process.env['HUB_API_KEY'] = 'irene';
  folder = mkdtempSync(join(tmpdir(), 'hub-guides-'));
  jest.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env['HUB_URL'];
  delete process.env['HUB_API_KEY'];
  rmSync(folder, { recursive: true });
  await api.close();
  await door.database.drop();
});

async function hub(...words: string[]): Promise<string> {
  said.length = 0;
  const program = new Command('hub').exitOverride();
  addGuideCommands(program);
  addPartnerCommands(program);
  await program.parseAsync(words[0] === 'partner' ? words : ['guide', ...words], { from: 'user' });
  return said.join('\n');
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const guide = {
  name: 'acme-850',
  set: '850',
  version: '004010',
  breach: 'reject',
  acknowledgement: { breaches: 'acknowledge' },
  rules: [{ at: 'REF[DP]', use: 'required' }],
};

it('a guide is brought in, put to use, and from then on answers are what it makes of a file', async () => {
  const path = file('guide.json', JSON.stringify(guide));
  expect(await hub('check', path)).toContain('acme-850: narrows the 850 of 004010');
  expect(await hub('save', path, '--from', '2026-01-01', '--json')).toMatch(/"name":"acme-850","version":1,/);
  expect(
    await hub('use', 'acme-850', '--agreement', 'ACME-P', '--direction', 'in', '--set', '850'),
  ).toContain('The 850 in of ACME-P goes by acme-850.');
  expect(await hub('partner', 'show', 'ACME')).toMatch(
    /\birene +850 in of ACME-P by guide acme-850 \(was none\)/,
  );
  expect(await hub('list')).toContain('acme-850');
  expect(JSON.parse(await hub('show', 'acme-850', '--json'))).toMatchObject({ rules: guide.rules });

  const order = ['BEG*00*SA*PO1**20261120', 'N1*ST*Store 42*92*0042', 'PO1*1*10*EA*4.25**BP*B-1', 'CTT*1'];
  const text = interchange({ groups: [group('PO', 1, [transactionSet('850', '0001', order)])] });
  printed.length = 0;
  expect(await checkFiles([file('order.edi', text)], { partner: 'ACME', json: true })).toBe(1);
  expect(JSON.parse(printed.join(''))).toMatchObject({
    interchanges: [
      {
        groups: [
          {
            ack: 'R',
            functionalAck: expect.stringContaining('AK3*REF*3**3~AK5*R*5~') as string,
            transactions: [
              { ack: 'R', findings: [{ severity: 'guide', segment: 'REF', position: 3 }], order: null },
            ],
          },
        ],
      },
    ],
  });
});

it('what cannot stand is said rule by rule, before the hub is asked', async () => {
  const wrong = {
    ...guide,
    rules: [
      { at: 'REF[DP]/N4', use: 'required' },
      { at: 'PO1', elements: { '99': {} } },
    ],
  };
  await expect(hub('save', file('wrong.json', JSON.stringify(wrong)))).rejects.toThrow(
    /REF\[DP\]\/N4: REF opens no loop in the 850[^]*PO1: PO1 has 25 elements, PO199 is none of them/,
  );
  await expect(hub('save', file('torn.json', '{'))).rejects.toThrow(/is not JSON/);
});
