import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mapPurchaseOrder, orderSummary } from '../../../edi/mapping/purchase-order';
import { fixtureBytes, readDocument, readFixture } from './read-document';
import { judged } from './write-document';

const context = { usage: 'P', entityId: 'HUB-US', customerId: 'C-1', partnerId: 'P-1' } as const;

function order(name: string) {
  const mapped = mapPurchaseOrder(readFixture(name), context);
  if (mapped.kind !== 'order') throw new Error(`${name} is ${mapped.kind}`);
  return mapped;
}

/** A fixture with one text in it replaced, for a single deviation from it. */
function changed(name: string, from: string | RegExp, to: string) {
  const text = fixtureBytes(name).toString('latin1').replace(from, to);
  return mapPurchaseOrder(readDocument(Buffer.from(text, 'latin1')).set, context);
}

const unhandled = (name: string) =>
  order(name).request.unhandled.map(({ at, text }) => `${at.segment} ${at.segmentId} ${text}`);

test.each(readdirSync(join(__dirname, '../../fixtures/edi/mapping')))(
  '%s is a document that the hub accepts',
  (name) => {
    expect(judged(fixtureBytes(name))).toEqual({ ack: 'A', findings: [] });
  },
);

describe('an 850 becomes an order request', () => {
  test('a plain order arrives with everything it said and nothing that holds it', () => {
    const { request } = order('850-plain-distributor.edi');
    expect(request).toEqual({
      channel: 'edi',
      usage: 'P',
      type: 'standard',
      entityId: 'HUB-US',
      customerId: 'C-1',
      partnerId: 'P-1',
      purchaseOrderNumber: 'NB-20931',
      purchaseOrderDate: '2026-11-20',
      parties: [
        {
          role: 'ST',
          name: 'NORTHBEND SUPPLY DC 4',
          idQualifier: '92',
          id: 'DC04',
          address: {
            lines: ['1180 Foundry Rd'],
            city: 'Lima',
            region: 'OH',
            postalCode: '45801',
            country: 'US',
          },
        },
        { role: 'BT', name: 'NORTHBEND SUPPLY', idQualifier: '92', id: 'HQ' },
      ],
      dates: [
        { qualifier: '010', date: '2026-11-27' },
        { qualifier: '001', date: '2026-12-11' },
      ],
      references: [{ qualifier: 'DP', value: 'PLUMBING' }],
      notes: ['contact: BD Ilse Okafor TE 6145550143'],
      kept: [{ at: { segment: 4, segmentId: 'PER' }, elements: ['BD', 'Ilse Okafor', 'TE', '6145550143'] }],
      lines: [
        {
          buyerLineNumber: '1',
          productIds: [
            { qualifier: 'VP', value: 'HX-1001' },
            { qualifier: 'BP', value: '440017' },
          ],
          quantity: '24',
          unit: 'EA',
          unitPrice: '11.45',
          priceBasisCode: 'PE',
          description: 'BALL VALVE 1/2 IN BRASS',
          dates: [],
          references: [],
          source: { segment: 11, segmentId: 'PO1' },
        },
        {
          buyerLineNumber: '2',
          productIds: [
            { qualifier: 'VP', value: 'HX-2040' },
            { qualifier: 'BP', value: '440102' },
          ],
          quantity: '6',
          unit: 'CA',
          unitPrice: '132.6',
          description: 'COPPER ELBOW 3/4 BOX OF 50',
          dates: [],
          references: [],
          source: { segment: 13, segmentId: 'PO1' },
        },
      ],
      unhandled: [],
    });
  });

  test('every value is traced to the segment and element it was read from', () => {
    const { sources } = order('850-plain-distributor.edi');
    expect(sources).toMatchObject({
      purchaseOrderNumber: { segment: 2, segmentId: 'BEG', element: 3 },
      'dates[1]': { segment: 6, segmentId: 'DTM', element: 2 },
      'parties[1]': { segment: 10, segmentId: 'N1' },
      'lines[1].quantity': { segment: 13, segmentId: 'PO1', element: 2 },
      'lines[1].unitPrice': { segment: 13, segmentId: 'PO1', element: 4 },
      'lines[1].productIds[1]': { segment: 13, segmentId: 'PO1', element: 9 },
    });
  });

  test('the document it came in stays known', () => {
    const set = readFixture('850-plain-distributor.edi');
    expect(mapPurchaseOrder(set, { ...context, documentId: 'D-7' })).toMatchObject({
      request: { documentId: 'D-7' },
    });
  });

  test('allowances, terms, retail prices and packs of a retailer are read with their places, and the segments kept', () => {
    const { request } = order('850-retailer-with-allowances.edi');
    expect(request.unhandled).toEqual([]);
    expect(request.adjustments).toEqual([
      {
        indicator: 'allowance',
        code: 'C310',
        description: 'DEFECTIVE ALLOWANCE',
        amount: '50.00',
        percent: '2.5',
        at: { segment: 10, segmentId: 'SAC' },
      },
    ]);
    expect(request.terms).toEqual([
      {
        discountPercent: '2',
        discountDays: 10,
        netDays: 30,
        text: '2 percent in 10 days, net 30 days, 2 PCT 10 NET 30',
        at: { segment: 11, segmentId: 'ITD' },
      },
    ]);
    expect(request.lines[0]).toMatchObject({
      statedPrices: [{ code: 'RES', unitPrice: '14.99', at: { segment: 27, segmentId: 'CTP' } }],
      packs: [{ unitsPerPack: 12, at: { segment: 30, segmentId: 'PO4' } }],
      adjustments: [{ indicator: 'charge', code: 'D240', amount: '12.00', at: { segment: 31 } }],
    });
    expect(request.lines[0]?.kept?.map(({ at }) => `${at.segment} ${at.segmentId}`)).toEqual([
      '27 CTP',
      '29 PID',
      '30 PO4',
      '31 SAC',
    ]);
  });

  test('contacts, routing, packs and messages are kept as notes and hold nothing', () => {
    const { request } = order('850-retailer-with-allowances.edi');
    expect(request.notes).toEqual([
      'acknowledgment asked for (BEG07): AC',
      'contact: BD K. LINDQVIST TE 8005550177 EM klindqvist@marrowgate.example',
      'freight terms CC OR ORIGIN CITY',
      'routing: 2 UPSN M MARROWGATE ROUTING GUIDE 7',
      'L1 SPECIAL INSTRUCTIONS: TICKET EVERY UNIT. DO NOT SHIP EARLY.',
      'line 001: description: F 73 CHERRY RED',
      'line 001: pack: 12 1 EA CTN',
      'line 002: pack: 6 1 EA CTN',
    ]);
    expect(request.parties.map((party) => party.role)).toEqual(['ST', 'BT', 'BY', 'Z7']);
    expect(request.parties[0]?.address?.lines).toEqual(['RECEIVING DOOR 12', '4400 Commerce Pkwy', 'Bldg C']);
    expect(request.currency).toBe('USD');
    expect(request.references[0]).toEqual({ qualifier: 'CT', value: 'C-8817' });
  });

  test('a 5010 order with other separators reads alike, its region from N406, more ids from LIN', () => {
    const { request } = order('850-5010-distributor.edi');
    expect(request.currency).toBe('CAD');
    expect(request.parties[0]?.address).toEqual({
      lines: ['77 Ch. du Quai'],
      city: 'Trois-Rivières',
      region: 'Quebec',
      postalCode: 'G9A 2G4',
      country: 'CA',
    });
    expect(request.lines[0]?.productIds.map((id) => id.qualifier)).toEqual(['BP', 'VP', 'EN', 'MG']);
    expect(request.lines[0]?.dates).toEqual([{ qualifier: '002', date: '2026-12-04' }]);
    expect(request.lines[1]?.references).toEqual([{ qualifier: 'LI', value: '20' }]);
    expect(request.notes).toEqual(['date 002: time 0930 ET', 'line 00020: text: Cut to 75 m']);
    expect(request.unhandled).toEqual([]);
  });

  test('an order wrapped into 80 columns reads as if it were not', () => {
    const { request } = order('850-wrapped-lines.edi');
    expect(request.parties[0]).toMatchObject({ name: 'CEDARHOLLOW MILLS PLANT 2', id: 'P2' });
    expect(request.lines.map((line) => [line.quantity, line.unit, line.unitPrice])).toEqual([
      ['1200', 'LB', '1.275'],
      ['40', 'DR', '96'],
    ]);
  });

  test('prices keep their digits and their basis per hundred or thousand', () => {
    const { request } = order('850-per-hundred-price.edi');
    expect(request.lines.map((line) => [line.unitPrice, line.priceBasisCode])).toEqual([
      ['3.7525', 'HP'],
      ['41.3', 'TP'],
      ['18', 'LD'],
    ]);
  });

  test("a drop ship goes to the consumer's door, named without any code", () => {
    const { request } = order('850-drop-ship.edi');
    expect(request.type).toBe('drop-ship');
    expect(request.parties[0]).toEqual({
      role: 'ST',
      name: 'Ana Petrov',
      address: {
        lines: ['c/o Birch Hill Dental', '9 Alder Ct', 'Apt 3B'],
        city: 'Bend',
        region: 'OR',
        postalCode: '97701',
        country: 'US',
      },
    });
    expect(request.notes).toContain('ZZ GIFT: Happy birthday, Ana!');
    expect(request.notes).toContain('party ST: contact: RE Ana Petrov TE 5415550190');
  });

  test('a release of 1994 has six-digit dates, a century of its own and bare decimal points', () => {
    const { request } = order('850-blanket-release-3040.edi');
    expect(request).toMatchObject({
      type: 'release',
      releaseNumber: '0007',
      purchaseOrderDate: '2026-11-12',
    });
    expect(request.dates).toEqual([{ qualifier: '002', date: '2026-12-01' }]);
    expect(request.lines[0]).toMatchObject({ quantity: '0.5', unitPrice: '1450', priceBasisCode: 'UM' });
    expect(request.unhandled).toEqual([]);
  });

  test('a line may carry ten product ids', () => {
    const { request } = order('850-ten-product-ids.edi');
    expect(request.type).toBe('rush');
    expect(request.lines[0]?.productIds).toHaveLength(10);
    expect(request.lines[0]?.productIds[9]).toEqual({ qualifier: 'ZZ', value: 'Z1' });
  });
});

describe('what an 850 says about other things than an order', () => {
  test.each([
    ['850-duplicate-copy.edi', 'a duplicate'],
    ['850-information-copy.edi', 'an information copy'],
  ])('%s creates nothing and says why', (name, why) => {
    const mapped = mapPurchaseOrder(readFixture(name), context);
    expect(mapped).toMatchObject({
      kind: 'nothing',
      because: 'purpose',
      reason: expect.stringContaining(why),
    });
    expect(orderSummary(readFixture(name))).toBeNull();
  });

  test('purpose 01 cancels the whole order, whatever it repeats of it', () => {
    expect(mapPurchaseOrder(readFixture('850-cancel.edi'), context)).toMatchObject({
      kind: 'cancel',
      request: { purpose: 'cancel', purchaseOrderNumber: 'NB-20931', lines: [], unhandled: [] },
    });
    expect(orderSummary(readFixture('850-cancel.edi'))).toBeNull();
  });

  test('purpose 05 replaces: the order as it would be new, and the same as a change of the known one', () => {
    const mapped = mapPurchaseOrder(readFixture('850-replace.edi'), context);
    if (mapped.kind !== 'replace') throw new Error(mapped.kind);
    expect(mapped.request.lines.map((line) => line.quantity)).toEqual(['30', '2']);
    expect(mapped.change).toMatchObject({ purpose: 'replace', purchaseOrderNumber: 'NB-20931' });
    expect(mapped.change.lines.map(({ kinds, line }) => [kinds, line])).toEqual(
      mapped.request.lines.map((line) => [['replace'], line]),
    );
  });

  test('the summary counts the lines of the order it would create', () => {
    expect(orderSummary(readFixture('850-per-hundred-price.edi'))).toEqual({
      purchaseOrder: 'FST-7781',
      lines: 3,
    });
    expect(orderSummary(readFixture('860-cancel.edi'))).toBeNull();
  });

  test('without a purchase order number or date there is no order, and no crash', () => {
    expect(changed('850-plain-distributor.edi', '*NB-20931*', '**')).toMatchObject({
      kind: 'nothing',
      because: 'unreadable',
      reason: expect.stringContaining('BEG03'),
    });
    expect(changed('850-plain-distributor.edi', '**20261120~', '**20261320~')).toMatchObject({
      kind: 'nothing',
      because: 'unreadable',
      reason: expect.stringContaining('BEG05'),
    });
    expect(changed('850-plain-distributor.edi', /BEG[^~]*~\n/, '')).toMatchObject({ kind: 'nothing' });
  });
});

describe('nothing a partner sent is dropped', () => {
  test('purposes, types, periods, schedules, sublines, taxes and other destinations all hold the order', () => {
    expect(unhandled('850-everything-unusual.edi')).toEqual([
      '2 BEG BEG01: there is no rule for the purpose "06"',
      '2 BEG BEG02: there is no rule for the order type "CN"',
      '2 BEG BEG08 "IBM" is not handled',
      '3 TAX TAX: tax reference 99-1234567 is not handled',
      '4 FOB freight terms PC: freight that bears on the invoice is not handled',
      '6 DTM date 106 is a period: RD8 20261201-20261231',
      '7 TD4 TD4: special handling or hazardous material HM 9 LITHIUM BATTERIES is not handled',
      '12 PO1 line no. 1: the price 25.1234567 has more than six places',
      "13 CUR line no. 1: currency EUR differs from the order's (none)",
      '14 TXI line no. 1: TXI: tax ST 12.5 is not handled',
      '15 SCH line no. 1: several days (SCH) and several places (SDQ) for one line are not handled',
      '22 SLN line no. 1: SLN: subline 1 I 2 EA 3 S VP KIT-A-1 is not handled',
      '23 PID line no. 1: PID: description F INNER PART is not handled',
      '24 AMT line no. 1: AMT: monetary amount 1 251.23 is not handled',
      '25 CTT CTT01 announces 3 lines, the order has 1',
      '25 CTT CTT02 gives 99 as the sum of quantities, the lines sum to 10',
    ]);
  });

  test('a ship-to of a line alone is where that line goes', () => {
    const line = order('850-everything-unusual.edi').request.lines[0];
    expect(line?.destinations).toMatchObject([{ id: '78', quantity: '10', isShipTo: true }]);
    const kept = line?.kept?.map(({ elements }) => elements.join('*'));
    expect(kept).toEqual(expect.arrayContaining(['ST*OSTERVALE SOUTH*92*78', 'Hull']));
  });

  test('the description of a subline is not taken for that of its line', () => {
    expect(order('850-everything-unusual.edi').request.lines[0]?.description).toBeUndefined();
  });

  test('a line without a number of its own gets none', () => {
    expect(order('850-everything-unusual.edi').request.lines[0]).not.toHaveProperty('buyerLineNumber');
  });

  test('quantities for many stores split their line; those that do not add up to it hold the order', () => {
    const { request } = order('850-store-destinations.edi');
    expect(request.lines[0]?.destinations).toEqual([
      { idQualifier: '92', id: '0101', quantity: '12', at: { segment: 8, segmentId: 'SDQ', element: 3 } },
      { idQualifier: '92', id: '0102', quantity: '24', at: { segment: 8, segmentId: 'SDQ', element: 5 } },
      { idQualifier: '92', id: '0107', quantity: '24', at: { segment: 9, segmentId: 'SDQ', element: 3 } },
    ]);
    expect(request.lines[1]).not.toHaveProperty('destinations');
    expect(unhandled('850-store-destinations.edi')).toEqual([
      '11 SDQ line 2: its destinations (SDQ) sum to 24, ordered are 30',
    ]);
  });

  test.each([
    ['half a product id', '*VP*HX-1001*BP*440017', '*VP*HX-1001*BP', 'PO108'],
    ['a missing quantity', 'PO1*1*24*EA', 'PO1*1**EA', 'there is no quantity (PO102)'],
    ['a missing unit', 'PO1*1*24*EA*', 'PO1*1*24**', 'there is no unit of measure (PO103)'],
    ['a quantity that is no number', 'PO1*1*24*EA', 'PO1*1*2A*EA', 'PO102 "2A" is not a number'],
    ['a date that is no day', 'DTM*010*20261127', 'DTM*010*20261131', 'date 010 "20261131" is not a day'],
    ['an exchange rate', 'REF*DP*', 'CUR*BY*USD*1.1~\nREF*DP*', 'CUR03 "1.1" is not handled'],
    ['an element without a rule', '*92*HQ~', '*92*HQ*01~', 'party BT HQ: N105 "01" is not handled'],
    ['a total that is not that of the lines', 'CTT*2*30~', 'CTT*2*30~\nAMT*TT*999~', 'AMT'],
  ])('%s holds the order', (_, from, to, text) => {
    const mapped = changed('850-plain-distributor.edi', from, to);
    if (mapped.kind !== 'order') throw new Error(mapped.kind);
    expect(mapped.request.unhandled[0]?.text).toContain(text);
  });

  test('a total that is that of the lines holds nothing', () => {
    // 24 x 11.45 + 6 x 132.60
    expect(changed('850-plain-distributor.edi', 'CTT*2*30~', 'CTT*2*30~\nAMT*TT*1070.4~')).toMatchObject({
      request: { unhandled: [] },
    });
  });

  test('a total that counts the stated allowances and charges in holds nothing either', () => {
    // 144 x 7.95 + 72 x 12.50 - 50.00 + 12.00
    expect(changed('850-retailer-with-allowances.edi', 'AMT*TT*2044.8~', 'AMT*TT*2006.8~')).toMatchObject({
      request: { unhandled: [] },
    });
  });

  test('a price with an exponent, a plus or leading zeros is the same price', () => {
    expect(changed('850-plain-distributor.edi', '*11.45*', '*0011.45*')).toMatchObject({
      request: { lines: [{ unitPrice: '11.45' }, {}] },
    });
    expect(changed('850-plain-distributor.edi', '*11.45*', '*1145E-2*')).toMatchObject({
      request: { lines: [{ unitPrice: '11.45' }, {}] },
    });
  });

  test('zero and negative quantities pass through for the order to refuse', () => {
    expect(changed('850-plain-distributor.edi', 'PO1*1*24*EA', 'PO1*1*-24*EA')).toMatchObject({
      request: { lines: [{ quantity: '-24' }, {}] },
    });
  });
});
