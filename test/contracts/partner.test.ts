import { lineCents, percentOf, sumOf, tidy } from '../../simulators/partner/arithmetic';
import { composeOrder, orderToSend } from '../../simulators/partner/compose-order';
import { readAcknowledgment } from '../../simulators/partner/read-acknowledgment';
import { readInterchange } from '../../simulators/partner/read-x12';
import { understand } from '../../simulators/partner/understand';
import { writeInterchange } from '../../simulators/partner/write-x12';

const identity = {
  id: 'ACME',
  name: 'Acme Stores',
  apiKey: 'key',
  isaQualifier: 'ZZ',
  isaId: 'ACMESTORES',
  gsId: 'ACMESTORES',
  usage: 'P' as const,
  isaVersion: '00401',
  version: '004010',
  separators: { element: '*', component: '>', repetition: '^', segment: '~' },
  seller: { isaQualifier: 'ZZ', isaId: 'LAKESHORE', gsId: 'LAKESHORE' },
};

async function read(set: string, segments: readonly (readonly string[])[]) {
  const group = { functionalId: 'XX', sets: [{ set, segments }] };
  const { text } = writeInterchange(identity, group, { interchange: 7, group: 7 }, new Date());
  const interchange = await readInterchange(Buffer.from(text, 'latin1'));
  const [first] = interchange.groups[0]?.sets ?? [];
  if (!first) throw new Error('nothing was read');
  return { interchange, set: first, document: understand(first) };
}

const invoice = (total: string) => [
  ['BIG', '20261122', 'INV1', '20261120', 'PO1'],
  ['ITD', '08', '3', '2', '', '10', '', '30'],
  ['IT1', '1', '2500', 'EA', '0.0725', '', 'BP', 'GX7300'],
  ['IT1', '2', '3', 'EA', '8.25', '', 'BP', 'GX7400'],
  ['TDS', total],
  ['SAC', 'C', 'D240', '', '', '1251'],
  ['CTT', '2'],
];

describe('the trading partner', () => {
  test('adds an invoice up by itself: lines rounded to the cent, plus charges', async () => {
    const { document } = await read('810', invoice('21851'));
    expect(document).toMatchObject({
      totalCents: 21_851,
      discount: { percent: '2', days: 10 },
      netDays: 30,
      problems: [],
    });
  });

  test('notices an invoice that does not add up', async () => {
    const { document } = await read('810', invoice('21850'));
    expect(document?.problems).toEqual(['810: TDS01 says 218.50, it adds up to 218.51']);
  });

  test('notices a label that will not scan and a level that hangs in the air', async () => {
    const { document } = await read('856', [
      ['BSN', '00', 'SH1', '20261122', '1000', '0001'],
      ['HL', '1', '', 'S'],
      ['HL', '2', '1', 'O'],
      ['PRF', 'PO1'],
      ['HL', '3', '9', 'P'],
      ['MAN', 'GM', '00095212340000000011'],
      ['HL', '4', '3', 'I'],
      ['LIN', '1', 'BP', 'AC-100'],
      ['SN1', '1', '10', 'EA'],
      ['CTT', '3'],
    ]);
    expect(document?.problems).toEqual([
      '856: HL 3 (P) hangs under "9"',
      '856: CTT01 3, HL segments 4',
      '856: "00095212340000000011" is no SSCC',
    ]);
  });

  test('notices statuses that do not sum to what was ordered', async () => {
    const { document } = await read('855', [
      ['BAK', '00', 'AC', 'PO1', '20261120'],
      ['PO1', '1', '30', 'EA', '24'],
      ['ACK', 'IA', '12', 'EA'],
      ['ACK', 'IB', '17', 'EA'],
      ['CTT', '1'],
    ]);
    expect(document?.problems).toEqual(['855 line 1: its statuses do not sum to 30']);
  });

  test('reads the faults that a 997 names', async () => {
    const { set } = await read('997', [
      ['AK1', 'PO', '7'],
      ['AK2', '850', '0001'],
      ['AK3', 'PO1', '4', '', '8'],
      ['AK4', '2', '330', '6'],
      ['AK4', '6', '235', '7', 'QQ'],
      ['AK5', 'R', '5'],
      ['AK9', 'R', '1', '1', '0'],
    ]);
    expect(readAcknowledgment(set)).toMatchObject({
      groupNumber: '7',
      group: 'R',
      sets: [
        {
          code: 'R',
          findings: [
            {
              segment: 'PO1',
              position: '4',
              elements: [
                ['2', '330', '6', ''],
                ['6', '235', '7', 'QQ'],
              ],
            },
          ],
        },
      ],
    });
  });

  test('writes an interchange whose counts and numbers an independent reader finds right', async () => {
    const order = orderToSend.parse({
      shipTo: '0042',
      lines: [{ number: '1', quantity: '10', price: '12.50', ids: [['BP', 'AC-100']] }],
    });
    const { interchange } = await read('850', composeOrder(order, 'PO1', new Date()));
    expect(interchange).toMatchObject({
      controlNumber: '000000007',
      sender: 'ZZ:ACMESTORES',
      receiver: 'ZZ:LAKESHORE',
      problems: [],
    });
  });

  test.each([
    ['2500', '0.0725', 18_125],
    ['3', '0.335', 101],
    ['1', '0.005', 1],
    ['1', '0.0049', 0],
    ['0.5', '8.25', 413],
  ])('%s at %s come to %d cents', (quantity, price, expected) => {
    expect(lineCents(quantity, price)).toBe(expected);
  });

  test('sums quantities and takes percents exactly', () => {
    expect(sumOf(['0.1', '0.2', '12'])).toBe('12.3');
    expect(tidy('12.500')).toBe('12.5');
    expect(percentOf(302_625, '2')).toBe(6053);
  });
});
