import { mapPurchaseOrderChange } from '../../../edi/mapping/purchase-order-change';
import { fixtureBytes, readDocument, readFixture } from './read-document';

const context = { usage: 'P', entityId: 'HUB-US', customerId: 'C-1', partnerId: 'P-1' } as const;

function change(name: string) {
  const mapped = mapPurchaseOrderChange(readFixture(name), context);
  if (mapped.kind === 'nothing') throw new Error(mapped.reason);
  return mapped;
}

function changed(name: string, from: string | RegExp, to: string) {
  const text = fixtureBytes(name).toString('latin1').replace(from, to);
  return mapPurchaseOrderChange(readDocument(Buffer.from(text, 'latin1')).set, context);
}

describe('an 860 becomes a change request', () => {
  test('a quantity raised, a line deleted and one added are told apart line by line', () => {
    const { kind, request } = change('860-change-quantities.edi');
    expect(kind).toBe('change');
    expect(request).toMatchObject({
      purpose: 'change',
      purchaseOrderNumber: 'NB-20931',
      changeNumber: '001',
      purchaseOrderDate: '2026-11-20',
      changeDate: '2026-11-21',
      references: [{ qualifier: 'DP', value: 'PLUMBING' }],
      unhandled: [],
    });
    expect(request.lines.map(({ kinds, changeCode }) => [kinds, changeCode])).toEqual([
      [['quantity'], 'QI'],
      [['delete'], 'DI'],
      [['add'], 'AI'],
    ]);
    expect(request.lines[2]?.line).toEqual({
      buyerLineNumber: '3',
      productIds: [{ qualifier: 'VP', value: 'HX-3000' }],
      quantity: '10',
      unit: 'EA',
      unitPrice: '5.5',
      priceBasisCode: 'PE',
      description: 'TEFLON TAPE',
      dates: [],
      references: [],
      source: { segment: 7, segmentId: 'POC' },
    });
  });

  test('purpose 01 cancels', () => {
    const { kind, request } = change('860-cancel.edi');
    expect(kind).toBe('cancel');
    expect(request).toMatchObject({ purpose: 'cancel', purchaseOrderNumber: '0006613372' });
  });

  test('a 5010 change of prices and dates needs no quantities', () => {
    const { request } = change('860-5010-dates-and-prices.edi');
    expect(request.unhandled).toEqual([]);
    expect(request.dates).toEqual([{ qualifier: '002', date: '2026-12-11' }]);
    expect(request.lines.map(({ kinds }) => kinds)).toEqual([['price'], ['quantity', 'dates'], ['dates']]);
    expect(request.lines[0]?.line.unitPrice).toBe('0.4');
    expect(request.lines[1]?.line).toMatchObject({
      quantity: '2',
      dates: [{ qualifier: '002', date: '2026-12-18' }],
    });
    expect(request.notes).toEqual(['L1 CHANGE: Site not ready', 'line 00020: left to receive (POC04) 1']);
  });

  test('what has no rule holds the order: purposes, change codes, charges, terms, half a change', () => {
    const { request } = change('860-unusual.edi');
    expect(request.unhandled.map(({ at, text }) => `${at.segment} ${text}`)).toEqual([
      '2 BCH01: there is no rule for the purpose "00"',
      '5 line 1: POC02: there is no rule for the change "TI"',
      '6 line 2: there is no quantity (POC03)',
      '7 line 3: composite unit of measure "EA>2>1" is not handled',
      '7 line 3: a change of price without a price (POC06)',
      '9 CTT01 announces 9 lines, the order has 4',
    ]);
    expect(request).toMatchObject({
      adjustments: [{ indicator: 'charge', code: 'D240', amount: '9.00', at: { segment: 3 } }],
      terms: [{ netDays: 45, at: { segment: 4 } }],
    });
    expect(request.lines.map(({ kinds }) => kinds)).toEqual([[], ['quantity'], ['price', 'quantity'], []]);
    expect(request.references).toEqual([
      { qualifier: 'RQ', value: 'RQ-9' },
      { qualifier: 'CT', value: 'CT-9' },
      { qualifier: 'ZZ', value: 'X9' },
    ]);
    expect(request.notes?.[0]).toBe('acknowledgment asked for (BCH14): AC');
  });

  test.each([
    ['AI', ['add']],
    ['DI', ['delete']],
    ['CF', ['delete']],
    ['QD', ['quantity']],
    ['QI', ['quantity']],
    ['PC', ['price']],
    ['PQ', ['price', 'quantity']],
    ['CT', ['dates']],
    ['RZ', ['replace']],
    ['CA', ['replace']],
  ])('POC02 %s asks for %j', (code, kinds) => {
    expect(changed('860-change-quantities.edi', 'POC*1*QI', `POC*1*${code}`)).toMatchObject({
      request: { lines: [{ kinds, changeCode: code }, {}, {}] },
    });
  });

  test('purpose 05 replaces, 07 and 22 do nothing', () => {
    expect(changed('860-change-quantities.edi', 'BCH*04', 'BCH*05')).toMatchObject({ kind: 'replace' });
    expect(changed('860-change-quantities.edi', 'BCH*04', 'BCH*07')).toMatchObject({ kind: 'nothing' });
    expect(changed('860-change-quantities.edi', 'BCH*04', 'BCH*22')).toMatchObject({ kind: 'nothing' });
  });

  test('without a purchase order there is nothing to change, and no crash', () => {
    expect(changed('860-change-quantities.edi', '*NB-20931*', '**')).toMatchObject({
      kind: 'nothing',
      because: 'unreadable',
      reason: expect.stringContaining('BCH03'),
    });
    expect(changed('860-change-quantities.edi', '*001*20261120*', '*001**')).toMatchObject({
      kind: 'nothing',
      because: 'unreadable',
      reason: expect.stringContaining('BCH06'),
    });
  });
});
