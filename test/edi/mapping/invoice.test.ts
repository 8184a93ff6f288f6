import type { InvoiceDocument } from '../../../domain/order/answers';
import { renderInvoice } from '../../../edi/mapping/invoice';
import { invoice } from './answers';
import { draftOf, expectRight, linesOf, problemsOf, readByOthers, versions, write } from './write-document';

const v4010 = { version: '004010' } as const;

const only = (prefix: string, lines: readonly string[]) => lines.filter((line) => line.startsWith(prefix));

/** One line at one price, in a currency of its own. */
function simple(currency: string, unitPrice: string, amountMinor: number): InvoiceDocument {
  const [line] = invoice.lines;
  if (line === undefined) throw new Error('fixture');
  const { priceBasisCode: _, ...perUnit } = line;
  return {
    ...invoice,
    currency,
    lines: [{ ...perUnit, unitPrice, invoiced: '3', amountMinor }],
    adjustments: [],
    taxMinor: 0,
    totalMinor: amountMinor,
  };
}

describe('the 810', () => {
  test('bills what shipped in the terms of the order', () => {
    expect(linesOf(renderInvoice(invoice, v4010))).toEqual([
      'BIG*20261122*INV-700001*20261120*NB-20931*R-3',
      'CUR*SE*USD',
      'REF*DP*PLUMBING',
      'REF*MR*1205*REPLENISHMENT',
      'REF*VN*SO-100045',
      'REF*SI*SH-900017',
      'N1*ST*NORTHBEND SUPPLY DC 4*92*DC04',
      'N3*1180 Foundry Rd*Door 3',
      'N4*Lima*OH*45801*US',
      'N1*BT*NORTHBEND SUPPLY*92*HQ',
      'N1*RE*HUB SELLER INC*91*SELL01',
      'ITD*08*3*2**10**30',
      'DTM*011*20261121',
      'IT1*1*20*EA*11.45*PE*VP*HX-1001*BP*440017',
      'PID*F****BALL VALVE 1/2 IN BRASS',
      'IT1**2500*EA*3.7525*HP*VP*M8X40',
      'TDS*34848',
      'TXI*TX*18.17',
      'CAD****UPSN***CN*1Z999AA10123456784',
      'SAC*C*D240***1250*******06***FREIGHT',
      'SAC*A*C310***500*******02***PROMOTION',
      'CTT*2',
    ]);
  });

  test('charges of a line stand with it, or with the invoice where the partner wants them there; the total is one', async () => {
    const [first, ...rest] = invoice.lines;
    const ticketing = {
      indicator: 'charge' as const,
      code: 'I170',
      amountMinor: 300,
      description: 'TICKETING',
    };
    const promotion = {
      indicator: 'allowance' as const,
      code: 'C310',
      amountMinor: 100,
      description: 'PROMOTION',
    };
    const own = {
      ...invoice,
      lines: [{ ...first, adjustments: [ticketing, promotion] }, ...rest] as InvoiceDocument['lines'],
      totalMinor: invoice.totalMinor + 200,
    };
    const said = (options: object) =>
      linesOf(renderInvoice(own, { ...v4010, ...options })).filter((line) => /^(IT1|SAC|TDS)/.test(line));
    expect(said({})).toEqual([
      'IT1*1*20*EA*11.45*PE*VP*HX-1001*BP*440017',
      'SAC*C*I170***300*******06***TICKETING',
      'SAC*A*C310***100*******02***PROMOTION',
      'IT1**2500*EA*3.7525*HP*VP*M8X40',
      'TDS*35048',
      'SAC*C*D240***1250*******06***FREIGHT',
      'SAC*A*C310***500*******02***PROMOTION',
    ]);
    expect(said({ lineAdjustments: 'invoice' }).slice(2)).toEqual([
      'TDS*35048',
      'SAC*C*D240***1250*******06***FREIGHT',
      'SAC*A*C310***600*******02***PROMOTION',
      'SAC*C*I170***300*******06***TICKETING',
    ]);
    await expectRight((version) => renderInvoice(own, { version, transportMethod: 'M' }));
  });

  test('is right by the dictionary and to an independent reader in 4010 and 5010', async () => {
    await expectRight((version) => renderInvoice(invoice, { version, transportMethod: 'M' }));
    await expectRight((version) => renderInvoice(invoice, { version }));
  });

  test('whom to pay is RE in 004010 and RI in 005010, which has taken RE out, unless the partner wants the other', () => {
    const payees = (...of: Parameters<typeof renderInvoice>) =>
      linesOf(renderInvoice(...of)).filter((line) => /^N1\*R[EI]/.test(line));
    expect(payees(invoice, v4010)).toEqual(['N1*RE*HUB SELLER INC*91*SELL01']);
    expect(payees(invoice, { version: '005010' })).toEqual(['N1*RI*HUB SELLER INC*91*SELL01']);
    expect(payees(invoice, { version: '004010', remitToRole: 'RI' })).toEqual([
      'N1*RI*HUB SELLER INC*91*SELL01',
    ]);
    // What the purchase order said is echoed as it came.
    const echoed = { ...invoice, parties: [{ role: 'RE', name: 'Factor Ltd' }] };
    expect(payees(echoed, { version: '005010' })[0]).toBe('N1*RE*Factor Ltd');
  });

  test('adds up in the hands of a buyer who reads it with other software', async () => {
    for (const version of versions) {
      const segments = (await readByOthers(write(draftOf(renderInvoice(invoice, { version })), version))).map(
        (segment) => segment.split('*'),
      );
      let cents = 0;
      for (const [id, ...element] of segments) {
        const basis = element[4] === 'HP' ? 100 : 1;
        if (id === 'IT1') cents += Math.round((Number(element[1]) * Number(element[3]) * 100) / basis);
        if (id === 'SAC') cents += (element[0] === 'C' ? 1 : -1) * Number(element[4]);
        if (id === 'TXI') cents += Math.round(Number(element[1]) * 100);
      }
      expect(segments.find(([id]) => id === 'TDS')?.[1]).toBe(String(cents));
    }
  });

  test('net terms name no discount', () => {
    const lines = linesOf(renderInvoice({ ...invoice, terms: { netDays: 45 } }, v4010));
    expect(only('ITD', lines)).toEqual(['ITD*05*3*****45']);
  });

  test('TDS01 is in hundredths whatever the currency: 1035 yen are 103500', async () => {
    const yen = simple('JPY', '345', 1035);
    expect(only('TDS', linesOf(renderInvoice(yen, v4010)))).toEqual(['TDS*103500']);
    await expectRight((version) => renderInvoice(yen, { version }));
  });

  test('yen taxes are written without decimals', () => {
    const yen = { ...simple('JPY', '345', 1035), taxMinor: 103, totalMinor: 1138 };
    expect(only('T', linesOf(renderInvoice(yen, v4010)))).toEqual(['TDS*113800', 'TXI*TX*103']);
  });

  test('dinars go out where they come to full hundredths', () => {
    expect(only('TDS', linesOf(renderInvoice(simple('BHD', '1.25', 3750), v4010)))).toEqual(['TDS*375']);
  });

  test('a price basis without a divisor is echoed and read as per unit', () => {
    const lines = invoice.lines.map((line, i) => (i === 0 ? { ...line, priceBasisCode: 'Q1' } : line));
    expect(only('IT1*1*', linesOf(renderInvoice({ ...invoice, lines }, v4010)))).toEqual([
      'IT1*1*20*EA*11.45*Q1*VP*HX-1001*BP*440017',
    ]);
  });

  test('charges that came to nothing are not mentioned', () => {
    const free = {
      ...invoice,
      adjustments: [{ indicator: 'charge', code: 'D240', amountMinor: 0, description: 'FREIGHT' }],
      totalMinor: 22900 + 9381 + 1817,
    } as const;
    expect(only('SAC', linesOf(renderInvoice(free, v4010)))).toEqual([]);
  });
});

describe('what an 810 shows beside its lines', () => {
  const [charge] = invoice.adjustments;
  if (charge === undefined) throw new Error('fixture');
  const lineTotal = 22900 + 9381 + 1817;

  test('a charge that is taken back is an allowance, so that SAC05 and TDS01 agree', async () => {
    const back = {
      ...invoice,
      adjustments: [{ ...charge, amountMinor: -1250 }],
      totalMinor: lineTotal - 1250,
    };
    expect(only('SAC', linesOf(renderInvoice(back, v4010)))).toEqual([
      'SAC*A*D240***1250*******02***FREIGHT',
    ]);
    expect(only('TDS', linesOf(renderInvoice(back, v4010)))).toEqual(['TDS*32848']);
    await expectRight((version) => renderInvoice(back, { version }));
  });

  test('an agency’s code is echoed as such, with whose it is where the buyer said it', async () => {
    const agencies = {
      ...invoice,
      adjustments: [
        { ...charge, code: 'FRTSUR', agency: 'VI' },
        { ...charge, code: 'HANDLING', amountMinor: 250 },
      ],
      totalMinor: lineTotal + 1500,
    };
    expect(only('SAC', linesOf(renderInvoice(agencies, v4010)))).toEqual([
      'SAC*C**VI*FRTSUR*1250*******06***FREIGHT',
      'SAC*C**ZZ*HANDLING*250*******06***FREIGHT',
    ]);
    await expectRight((version) => renderInvoice(agencies, { version }));
  });

  test('where the guide asks for it: the units shipped, if they are of one kind, and in 5010 the carrier', async () => {
    const asked = { ...v4010, shipmentSummary: true };
    expect(only('ISS', linesOf(renderInvoice(invoice, asked)))).toEqual(['ISS*2520*EA']);
    const lines = invoice.lines.map((line, i) => (i === 0 ? { ...line, unit: 'CA' } : line));
    expect(only('ISS', linesOf(renderInvoice({ ...invoice, lines }, asked)))).toEqual([]);
    await expectRight((version) => renderInvoice(invoice, { ...asked, version, transportMethod: 'M' }));
    const modern = linesOf(renderInvoice(invoice, { version: '005010', transportMethod: 'M' }));
    expect(only('CAD', modern)).toEqual(['CAD*M***UPSN***CN*1Z999AA10123456784']);
  });
});

describe('an 810 is refused', () => {
  test('when its lines, charges, allowances and tax do not come to its total', () => {
    expect(problemsOf(renderInvoice({ ...invoice, totalMinor: invoice.totalMinor + 1 }, v4010))).toEqual([
      'TDS01: the lines, charges, allowances and tax come to 348.48, the invoice says 348.49',
    ]);
  });

  test('when a line is not quantity times price', () => {
    const lines = invoice.lines.map((line, i) => (i === 0 ? { ...line, amountMinor: 22901 } : line));
    expect(
      problemsOf(renderInvoice({ ...invoice, lines, totalMinor: invoice.totalMinor + 1 }, v4010)),
    ).toEqual([
      'line 1: 20 at 11.45 come to 229.00, not to 229.01',
      'TDS01: the lines, charges, allowances and tax come to 348.48, the invoice says 348.49',
    ]);
  });

  test('when an amount has three places, unless the agreement rounds it', () => {
    const dinars = simple('BHD', '1.235', 3705);
    expect(problemsOf(renderInvoice(dinars, v4010))).toEqual([
      'TDS01: 3.705 BHD cannot be written in hundredths',
    ]);
    const rounded = renderInvoice(dinars, { ...v4010, threePlaceAmounts: 'round' });
    expect(only('TDS', linesOf(rounded))).toEqual(['TDS*371']);
  });

  test('when a line has no price', () => {
    const [line] = invoice.lines;
    if (line === undefined) throw new Error('fixture');
    const { unitPrice: _, ...unpriced } = line;
    expect(problemsOf(renderInvoice({ ...invoice, lines: [unpriced], adjustments: [] }, v4010))[0]).toBe(
      'line 1: has no unit price (IT104)',
    );
  });

  test('when a discount says no days, or there is nothing to bill', () => {
    const terms = { discountPercent: '2', netDays: 30 };
    expect(problemsOf(renderInvoice({ ...invoice, terms }, v4010))).toEqual([
      'ITD05: 2 percent without the days to take it in',
    ]);
    const empty = { ...invoice, lines: [], adjustments: [], taxMinor: 0, totalMinor: 0 };
    expect(problemsOf(renderInvoice(empty, v4010))).toEqual(['IT1: an invoice without lines']);
  });
});
