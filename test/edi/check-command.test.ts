import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acknowledgeFile } from '../../cli/edi/ack';
import { ArrivalNumbers } from '../../cli/edi/arrival-numbers';
import { checkFiles } from '../../cli/edi/check';
import { judgeWith } from '../../edi/judge/judge-interchange';
import { GroupCollector } from '../../edi/judge/judge-listener';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';
import { agreement, beg, interchange, po1, set } from './interchange-text';

const folder = mkdtempSync(join(tmpdir(), 'check-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, 'latin1');
  return path;
}

async function printed<Value>(
  run: () => Promise<Value>,
): Promise<{ readonly result: Value; readonly out: string; readonly problems: string }> {
  const pieces: string[] = [];
  const problems: string[] = [];
  const out = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((piece) => pieces.push(String(piece)) > 0);
  const error = jest.spyOn(console, 'error').mockImplementation((text) => problems.push(String(text)));
  try {
    const result = await run();
    return { result, out: pieces.join(''), problems: problems.join('\n') };
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
}

async function checked(...files: string[]) {
  const { result, out } = await printed(() => checkFiles(files, { json: true }));
  const lines = out.trimEnd().split('\n');
  return {
    exit: result,
    files: lines.map((line) => JSON.parse(line) as { interchanges: any[]; error?: string }),
  };
}

const clean = interchange([set('850', beg + po1)]);
const broken = interchange([set('850', `BEG*00*SA***20261122~${po1}`)]);

describe('hub edi check', () => {
  test('prints one object a file, in the shape that scripts depend on', async () => {
    const path = file('850.edi', clean);
    const { exit, files } = await checked(path);
    expect(exit).toBe(0);
    expect(files).toEqual([
      {
        file: path,
        interchanges: [
          {
            controlNumber: '000000001',
            sender: 'ZZ:ACME',
            receiver: 'ZZ:HUB',
            version: '00401',
            separators: { element: '*', component: '>', repetition: null, segment: '~' },
            deviations: [],
            ta1: { code: 'A', note: '000' },
            groups: [
              {
                functionalId: 'PO',
                controlNumber: '1',
                version: '004010',
                ack: 'A',
                errors: [],
                included: 1,
                received: 1,
                accepted: 1,
                transactions: [
                  {
                    set: '850',
                    controlNumber: '0001',
                    ack: 'A',
                    errors: [],
                    findings: [],
                    order: { purchaseOrder: 'PO9001', lines: 1 },
                  },
                ],
                functionalAck: 'ST*997*0001~AK1*PO*1~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~',
              },
            ],
          },
        ],
      },
    ]);
  });

  test('a finding has exactly what the shape says', async () => {
    const { exit, files } = await checked(file('broken.edi', broken));
    expect(exit).toBe(1);
    expect(files[0]?.interchanges[0].groups[0].transactions[0].findings).toEqual([
      {
        segment: 'BEG',
        position: 2,
        loop: null,
        segmentError: '8',
        element: 3,
        component: null,
        repetition: null,
        reference: '324',
        elementError: '1',
        value: '',
        severity: 'syntax',
        text: expect.any(String),
      },
    ]);
  });

  test('exit 2 where a file cannot be read, and the others are read all the same', async () => {
    const { exit, files } = await checked(
      join(folder, 'nobody-wrote-it.edi'),
      folder,
      file('empty', ''),
      file('a name with blanks, "quotes" and \u00fcmlauts.edi', clean),
      file('letter.txt', 'Dear Sirs'),
    );
    expect(exit).toBe(2);
    expect(files.map(({ error, interchanges }) => [error, interchanges.length])).toEqual([
      ['there is no such file', 0],
      ['this is a folder', 0],
      ['the file is empty', 0],
      [undefined, 1],
      ['no ISA segment: this is not an X12 interchange', 0],
    ]);
  });

  test('files named together are one arrival: the same bytes are a duplicate, other bytes are refused', async () => {
    const again = file('again.edi', clean);
    const other = file('other.edi', clean.replace('PO9001', 'PO9002'));
    const { exit, files } = await checked(file('first.edi', clean), again, other);
    const [first, second, third] = files.map(({ interchanges }) => interchanges[0]);
    expect(exit).toBe(1);
    expect(first).not.toHaveProperty('duplicate');
    expect(second).toEqual({
      ...first,
      duplicate: true,
      groups: [{ ...first.groups[0], transactions: [{ ...first.groups[0].transactions[0], order: null }] }],
    });
    expect(third).toMatchObject({ ta1: { code: 'R', note: '025' }, groups: [] });
  });

  test('without an agreement the groups of several interchanges may have one number', async () => {
    const second = clean.replaceAll('000000001', '000000002');
    const { files } = await checked(file('two.edi', clean + second));
    expect(files[0]?.interchanges.map(({ groups }) => [groups[0].ack, groups[0].errors])).toEqual([
      ['A', []],
      ['A', []],
    ]);
  });

  test('a deviation is named and said, no more', async () => {
    const { files } = await checked(file('bom.edi', `\xef\xbb\xbf${clean}`));
    expect(files[0]?.interchanges[0].deviations).toEqual([
      { code: 'bom', text: 'a byte-order mark stands before ISA' },
    ]);
  });

  test('under an agreement a group with a used number is refused, and again when its bytes come again', () => {
    const numbers = new ArrivalNumbers(true);
    const judged = (controlNumber: string, hash: string) => {
      const { interchanges } = readArrival(Buffer.from(clean.replaceAll('000000001', controlNumber)));
      const seen = numbers.seenBy(Buffer.from(hash));
      const collector = new GroupCollector();
      const envelope = judgeWith(collector, interchanges[0] as ArrivedInterchange, agreement, seen);
      for (const group of collector.groups) seen.groupEnds(group);
      seen.ends(envelope);
      return { duplicate: envelope.duplicate, errors: collector.groups.map((group) => group.errors) };
    };
    expect(judged('000000001', 'a')).toEqual({ duplicate: false, errors: [[]] });
    expect(judged('000000002', 'b')).toEqual({ duplicate: false, errors: [['6']] });
    expect(judged('000000002', 'b')).toEqual({ duplicate: true, errors: [['6']] });
  });

  test('a rejected interchange or group creates nothing, and its number may come again', async () => {
    const lost = clean.replace(/IEA.*/, '');
    const { files } = await checked(
      file('lost.edi', lost),
      file('whole.edi', clean),
      file(
        'count.edi',
        clean
          .replaceAll('000000001', '000000003')
          .replace('GS*PO*ACME*HUB*20261122*1530*1', 'GS*PO*ACME*HUB*20261122*1530*3')
          .replace('GE*1*1', 'GE*2*3'),
      ),
    );
    const [rejected, taken, miscounted] = files.map(({ interchanges }) => interchanges[0]);
    expect(rejected).toMatchObject({ ta1: { code: 'R', note: '023' }, groups: [] });
    expect(taken.groups[0].transactions[0].order).toEqual({ purchaseOrder: 'PO9001', lines: 1 });
    expect(miscounted.groups[0]).toMatchObject({
      ack: 'R',
      errors: ['5'],
      accepted: 0,
      transactions: [{ ack: 'A', order: null }],
    });
  });

  test('for people: what is wrong and where, and nothing that steers their terminal', async () => {
    const path = file('people.edi', broken.replace('ACME           ', 'AC\x1b[31mE       '));
    const { result, out } = await printed(() => checkFiles([path], {}));
    expect(result).toBe(1);
    expect(out).toContain('TA1 A 000 accepted');
    expect(out).toContain('850 0001  R rejected AK502 5');
    expect(out).toMatch(/BEG03\s+segment\s+2\s+8\/1/);
    expect(out).not.toContain('\x1b[31mE');
  });

  test('an object stays on its line, whatever takes some character of it for the end of one', async () => {
    const text = clean.replaceAll('~', Buffer.from('\u2028').toString('latin1'));
    const path = file('lines.edi', text);
    const { out } = await printed(() => checkFiles([path], { json: true }));
    expect(out.trimEnd().split(/[\n\u0085\u2028\u2029]/)).toHaveLength(1);
    expect(JSON.parse(out).interchanges[0].separators.segment).toBe('\u2028');
  });

  test('for people: a refusal is said in words beside its code', async () => {
    const miscounted = clean.replace('GE*1*1', 'GE*2*1');
    const { out } = await printed(() =>
      checkFiles([file('words.edi', clean.replace('*ZZ*ACME', '*  *ACME') + miscounted)], {}),
    );
    expect(out).toMatch(/TA1 R 005 rejected: \S/);
    expect(out).toMatch(/R rejected AK905 5 \(\S.*\)/);
  });
});

describe('hub edi ack', () => {
  test('prints the interchange that goes back, one a line', async () => {
    const asked = clean.replace('*0*P*', '*1*P*');
    const { result, out } = await printed(() =>
      acknowledgeFile(file('ack.edi', asked + broken.replaceAll('000000001', '000000002'))),
    );
    expect(result).toBe(1);
    const [first, second] = out.trimEnd().split('\n') as [string, string];
    expect(first).toMatch(
      /^ISA\*00\* {10}\*00\* {10}\*ZZ\*HUB {12}\*ZZ\*ACME {11}\*\d{6}\*\d{4}\*U\*00401\*000000001\*0\*P\*>~TA1\*000000001\*261122\*1530\*A\*000~GS\*FA\*HUB\*ACME\*\d{8}\*\d{4}\*1\*X\*004010~ST\*997\*0001~AK1\*PO\*1~AK2\*850\*0001~AK5\*A~AK9\*A\*1\*1\*1~SE\*6\*0001~GE\*1\*1~IEA\*1\*000000001~$/,
    );
    expect(second).toContain('*000000002*0*P*>~GS*FA*');
  });

  test('says so where nothing is to be answered, or nothing can be read', async () => {
    const ack = interchange([set('997', 'AK1*PO*1~AK9*A*1*1*1~')], { gs: { 1: 'FA' } });
    expect(await printed(() => acknowledgeFile(file('997.edi', ack)))).toMatchObject({
      result: 0,
      out: '',
      problems: expect.stringContaining('nothing is to be answered to interchange 000000001'),
    });
    expect(await printed(() => acknowledgeFile(join(folder, 'nothing')))).toMatchObject({
      result: 2,
      problems: expect.stringContaining('there is no such file'),
    });
  });
});
