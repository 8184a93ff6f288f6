import { type AdviceContext, confirmFromAdvice } from '../../domain/fulfilment/confirm-from-advice';
import { sscc } from '../../domain/fulfilment/sscc';
import type {
  ShippingAdviceLine,
  WarehouseShippingAdvice,
} from '../../domain/fulfilment/warehouse-documents';

const [first, second] = [sscc('9521234', 1), sscc('9521234', 2)];
const context: AdviceContext = {
  receivedAt: '2026-11-22T20:00:00.000Z',
  shipment: {
    releaseNumber: 'SH1',
    nodeId: 'EAST',
    timeZone: 'America/Chicago',
    lines: [
      { lineNumber: 1, itemId: 'BOLT', quantity: 10, unitWeightGrams: 100 },
      { lineNumber: 2, itemId: 'BOLT', quantity: 5, unitWeightGrams: 100 },
      { lineNumber: 3, itemId: 'NUT', quantity: 8, unitWeightGrams: 5 },
    ],
    packages: [
      {
        sscc: first,
        trackingNumber: 'T1',
        contents: [
          { lineNumber: 1, quantity: 10 },
          { lineNumber: 2, quantity: 5 },
        ],
      },
      { sscc: second, contents: [{ lineNumber: 3, quantity: 8 }] },
    ],
  },
  name: ({ productIds }, quantity) => {
    const itemId = productIds[0]?.value ?? '';
    return itemId === 'GOLD' ? { problem: 'there is no item GOLD' } : { itemId, baseUnits: Number(quantity) };
  },
};

const line = (
  itemId: string,
  shipped: string | undefined,
  more: Partial<ShippingAdviceLine> = {},
): ShippingAdviceLine => ({
  status: 'CC',
  ...(shipped === undefined ? {} : { shipped }),
  productIds: [{ qualifier: 'VN', value: itemId }],
  descriptions: [],
  references: [],
  dates: [],
  ...more,
});
const label = (sscc: string) => ({ qualifier: 'GM', value: sscc });

function advice(
  groups: readonly {
    readonly marks?: readonly ReturnType<typeof label>[];
    readonly lines: readonly ShippingAdviceLine[];
  }[],
  more: Partial<WarehouseShippingAdvice> = {},
): WarehouseShippingAdvice {
  return {
    kind: 'warehouse-shipping-advice',
    reporting: 'F',
    depositorOrderNumber: 'SH1',
    shippedOn: '2026-11-22',
    parties: [],
    references: [],
    dates: [],
    notes: [],
    groups: groups.map(({ marks = [], lines }, at) => ({
      number: String(at + 1),
      marks,
      references: [],
      lines,
    })),
    ...more,
  };
}

function confirmOf(...args: Parameters<typeof advice>) {
  const read = confirmFromAdvice(advice(...args), context);
  if (read.kind === 'unclear') throw new Error(read.problems.join('; '));
  return read;
}
const shippedOf = (...args: Parameters<typeof advice>) =>
  confirmOf(...args).confirm.lines.map(({ shipped }) => shipped);

describe('a 945 as the confirm of its shipment', () => {
  test('of more than was released is not taken: nobody would bill it', () => {
    expect(confirmFromAdvice(advice([{ lines: [line('BOLT', '17')] }]), context)).toEqual({
      kind: 'unclear',
      problems: ['line 2: 7 of BOLT are said to have left, 5 were released'],
    });
  });

  test('gives what names no line to the lines of the item in turn', () => {
    expect(shippedOf([{ lines: [line('BOLT', '12'), line('NUT', '8')] }])).toEqual([10, 2, 8]);
    expect(shippedOf([{ lines: [line('BOLT', '10')] }, { lines: [line('BOLT', '5')] }])).toEqual([10, 5, 0]);
  });

  test('takes a line by its number, also where several have the item', () => {
    const numbered = line('BOLT', '4', { references: [{ qualifier: 'LI', value: '2' }] });
    expect(shippedOf([{ lines: [numbered] }])).toEqual([0, 4, 0]);
  });

  test('reckons what left from what was ordered less the difference, where that is all it says', () => {
    const short = line('NUT', undefined, { ordered: '8', difference: '3' });
    expect(shippedOf([{ lines: [short] }])).toEqual([0, 0, 5]);
  });

  test('puts what stands under a label in its carton, and the rest in the cartons that were planned for it', () => {
    const { packages } = confirmOf([
      { marks: [label(`00${second}`)], lines: [line('NUT', '6', { weight: '2', weightUnit: 'L' })] },
      { lines: [line('BOLT', '15')] },
    ]).confirm;
    expect(packages).toEqual([
      { sscc: second, weightGrams: 907, contents: [{ lineNumber: 3, quantity: 6 }] },
      {
        sscc: first,
        trackingNumber: 'T1',
        weightGrams: 1500,
        contents: [
          { lineNumber: 1, quantity: 10 },
          { lineNumber: 2, quantity: 5 },
        ],
      },
    ]);
  });

  test('says so where a label is none, and packs as was planned', () => {
    const { confirm, remarks } = confirmOf([{ marks: [label('12345')], lines: [line('NUT', '8')] }]);
    expect(remarks).toEqual(['the label 12345 is no SSCC-18: its carton is not named']);
    expect(confirm.packages.map(({ sscc }) => sscc)).toEqual([second]);
  });

  test('leaves at its own time on the clock of the place, in UTC where it says so, else as late as that day allows', () => {
    const at = (time?: string, timeZone?: string) =>
      confirmOf([{ lines: [line('NUT', '8')] }], {
        dates: [
          {
            qualifier: '11',
            date: '2026-11-21',
            ...(time === undefined ? {} : { time }),
            ...(timeZone === undefined ? {} : { timeZone }),
          },
        ],
      }).confirm.shippedAt;
    expect(at('1430')).toBe('2026-11-21T20:30:00.000Z');
    expect(at('1430', 'UT')).toBe('2026-11-21T14:30:00.000Z');
    expect(at()).toBe('2026-11-22T05:59:00.000Z');
    expect(confirmOf([{ lines: [line('NUT', '8')] }]).confirm.shippedAt).toBe(context.receivedAt);
  });

  test.each([
    ['an item that nobody knows', line('GOLD', '1'), 'line VN GOLD: there is no item GOLD'],
    ['an item that was not released', line('WASHER', '1'), 'line VN WASHER: SH1 has no line with WASHER'],
    ['no quantity', line('NUT', undefined), 'line VN NUT: it does not say how much left (W1203)'],
  ])('is not taken at all with %s', (_, one, problem) => {
    expect(confirmFromAdvice(advice([{ lines: [line('BOLT', '15'), one] }]), context)).toEqual({
      kind: 'unclear',
      problems: [problem],
    });
  });
});
