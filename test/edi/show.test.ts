import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { segmentLines } from '../../edi/show/show-text';
import { shownSegments } from '../../edi/show/shown-segments';
import { readArrival } from '../../edi/x12/arrival';
import { group, interchange, transactionSet } from '../support/trading-partner';

const plain = (text: string) => text;
const paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };

function show(text: string) {
  const [arrived] = readArrival(Buffer.from(text, 'latin1')).interchanges;
  if (!arrived?.header.separators) throw new Error('no interchange');
  const judgement = judgeInterchange(arrived, null, nothingSeen);
  return [...shownSegments(arrived.bytes, arrived.header.separators, 0, judgement)];
}
const set = (functionalId: string, id: string, ...segments: string[]) =>
  show(interchange({ groups: [group(functionalId, 1, [transactionSet(id, '0001', segments)])] }));

it('codes, dates and implied decimals are said as people say them', () => {
  const shown = set(
    'IN',
    '810',
    'BIG*20261122*INV1*20261101*PO1',
    'N1*RE*Us*92*7',
    'IT1*1*1*EA*285.66',
    'TDS*28566',
  );
  const element = (place: string) =>
    shown.flatMap(({ elements }) => elements).find((one) => one.place === place);
  expect(element('BIG01')).toMatchObject({ value: '20261122', meaning: '2026-11-22' });
  expect(element('N101')).toMatchObject({ value: 'RE', meaning: 'remit to' });
  expect(element('TDS01')).toMatchObject({ value: '28566', meaning: '285.66' });
  expect(element('GS01')).toMatchObject({ name: 'kind of documents', meaning: 'invoices' });
  expect(element('ISA15')).toMatchObject({ meaning: 'production' });
});

it('loops and the levels of an HL tree are indented under what they belong to', () => {
  const shown = set(
    'SH',
    '856',
    'BSN*00*S1*20261122*1200*0001',
    'HL*1**S',
    'TD1*CTN*1',
    'HL*2*1*O',
    'PRF*PO1',
    'HL*3*2*I',
    'LIN**BP*B-1',
    'HL*4*1*O',
    'PRF*PO2',
  );
  const depths = shown.filter(({ id }) => ['BSN', 'HL', 'TD1', 'PRF', 'LIN'].includes(id));
  expect(depths.map(({ id, depth }) => `${id} ${depth}`)).toEqual([
    'BSN 0',
    'HL 0',
    'TD1 1',
    'HL 1',
    'PRF 2',
    'HL 2',
    'LIN 3',
    'HL 1',
    'PRF 2',
  ]);
});

it('a finding stands at its segment and marks its element; what is missing is said where it was due', () => {
  const shown = set('PO', '850', 'BEG*00*SA*PO1**20261131', 'N1*ST*Store', 'CTT*0');
  const beginning = shown.find(({ id }) => id === 'BEG');
  expect(beginning?.findings).toEqual([
    { place: 'BEG05', severity: 'syntax', text: 'not a date (20261131)' },
  ]);
  expect(beginning?.elements.at(-1)).toMatchObject({ place: 'BEG05', faulty: true, meaning: null });
  const lines = shown.flatMap((segment) => segmentLines(segment, paint));
  expect(lines.filter((line) => line.startsWith('!'))[0]).toMatch(/^! +BEG05 +\S.*20261131$/);
  expect(lines).toContainEqual(expect.stringMatching(/^> +2 BEG /));
  expect(lines).toContainEqual(expect.stringMatching(/PO1: mandatory segment is missing/));
});

it('no control character reaches the terminal, and a long value is cut', () => {
  const [message] = set('PO', '850', 'BEG*00*SA*PO\u001b[2J\u0007**20261122', `MSG*${'x'.repeat(300)}`)
    .filter(({ id }) => id === 'BEG' || id === 'MSG')
    .map(({ elements }) => elements.find(({ place }) => place === 'BEG03')?.value);
  expect(message).toBe('PO\\x1b[2J\\x07');
});

it('not even a segment id steers the terminal, and a chain of levels without an end stays on the page', () => {
  const [stray] = set('PO', '850', 'BEG*00*SA*PO1**20261122', '\u001b[2J*1').filter(({ id }) =>
    id.includes('x1b'),
  );
  expect(stray?.id).toBe('\\x1b[2J');
  for (const line of segmentLines(stray as never, paint)) expect(line).not.toMatch(/\p{Cc}/u);
  const chain = Array.from({ length: 300 }, (_, at) => `HL*${at + 1}*${at === 0 ? '' : at}*I`);
  const shown = set('SH', '856', 'BSN*00*S1*20261122*1200*0001', ...chain);
  expect(Math.max(...shown.map(({ depth }) => depth))).toBe(12);
});

it('a set without a definition, in a release without one, is shown all the same', () => {
  const text = interchange({
    groups: ['GS*ZZ*A*B*20261122*1200*1*X*001000~ST*999*1~ABC*1*2~SE*3*1~GE*1*1~'],
  });
  expect(show(text).map(({ id }) => id)).toEqual(['ISA', 'GS', 'ST', 'ABC', 'SE', 'GE', 'IEA']);
});
