import { guideSchema } from '../../../edi/guides/guide';
import { shapeDocument } from '../../../edi/guides/shape-document';
import { renderChangeAcknowledgment } from '../../../edi/mapping/change-acknowledgment';
import { renderOrderAcknowledgment } from '../../../edi/mapping/order-acknowledgment';
import { mapPurchaseOrder } from '../../../edi/mapping/purchase-order';
import { changeAnswer, orderAnswer } from './answers';
import { readFixture } from './read-document';
import {
  draftOf,
  expectRight,
  judged,
  linesOf,
  problemsOf,
  separators,
  versions,
  write,
} from './write-document';

const v4010 = { version: '004010' } as const;

describe('the 855', () => {
  test('echoes ids, unit, price and basis of the order, and says what becomes of every part of a line', () => {
    expect(linesOf(renderOrderAcknowledgment(orderAnswer, v4010))).toEqual([
      'BAK*00*AC*NB-20931*20261120*R-3***SO-100045*20261121',
      'CUR*SE*USD',
      'REF*DP*PLUMBING',
      'REF*MR*1205*REPLENISHMENT',
      'N1*ST*NORTHBEND SUPPLY DC 4*92*DC04',
      'N3*1180 Foundry Rd*Door 3',
      'N4*Lima*OH*45801*US',
      'N1*BT*NORTHBEND SUPPLY*92*HQ',
      'PO1*1*24*EA*11.45*PE*VP*HX-1001*BP*440017',
      'PID*F****BALL VALVE 1/2 IN BRASS',
      'ACK*IA*20*EA*068*20261125',
      'ACK*IB*4*EA*068*20261209',
      'PO1**2500*EA*3.7525*HP*VP*M8X40',
      'ACK*IR*2500*EA',
      'CTT*2',
    ]);
  });

  test('is right by the dictionary and to an independent reader in 4010 and 5010', async () => {
    await expectRight((version) => renderOrderAcknowledgment(orderAnswer, { version }));
  });

  test('accepts or rejects as a whole without any line', async () => {
    const rejected = { ...orderAnswer, acknowledgment: 'RJ' } as const;
    expect(
      linesOf(renderOrderAcknowledgment(rejected, v4010)).some((line) => /^(PO1|ACK|CTT)/.test(line)),
    ).toBe(false);
    await expectRight((version) => renderOrderAcknowledgment(rejected, { version }));
  });

  test('on hold: every line IH', async () => {
    const lines = orderAnswer.lines.map((line) => ({
      ...line,
      statuses: [{ code: 'IH' as const, quantity: line.quantity }],
    }));
    await expectRight((version) =>
      renderOrderAcknowledgment({ ...orderAnswer, acknowledgment: 'AH', lines }, { version }),
    );
  });

  test('repeats only the references that the guide names', () => {
    const lines = linesOf(renderOrderAcknowledgment(orderAnswer, { ...v4010, echoReferences: ['MR'] }));
    expect(lines.filter((line) => line.startsWith('REF'))).toEqual(['REF*MR*1205*REPLENISHMENT']);
  });

  test('leaves out currency and descriptions where the guide has no place for them', () => {
    const lines = linesOf(
      renderOrderAcknowledgment(orderAnswer, { ...v4010, currency: false, descriptions: false }),
    );
    expect(lines.some((line) => /^(CUR|PID)/.test(line))).toBe(false);
  });

  test('is refused when the statuses of a line do not add up to what was ordered', () => {
    const [line] = orderAnswer.lines;
    if (line === undefined) throw new Error('no line');
    const lines = [{ ...line, statuses: [{ code: 'IA' as const, quantity: '20' }] }];
    expect(problemsOf(renderOrderAcknowledgment({ ...orderAnswer, lines }, v4010))).toEqual([
      'line 1: its statuses sum to 20, ordered are 24',
    ]);
  });

  test('is refused rather than cut when an id is too long for the version', () => {
    const long = { ...orderAnswer, references: [{ qualifier: 'CO', value: 'X'.repeat(40) }] };
    expect(problemsOf(renderOrderAcknowledgment(long, v4010))[0]).toMatch(/^REF CO: .* longer than the 30/);
    expect(problemsOf(renderOrderAcknowledgment(long, { version: '005010' }))).toEqual([]);
  });

  test("free text gives way to the partner's separators, ids do not", () => {
    const [line] = orderAnswer.lines;
    if (line === undefined) throw new Error('no line');
    const awkward = { ...orderAnswer, lines: [{ ...line, description: '5/8 > 3/4 * Łódź ~ ok\nnow' }] };
    const lines = linesOf(renderOrderAcknowledgment(awkward, { ...v4010, separators }));
    expect(lines).toContain('PID*F****5/8   3/4   ?ódz   ok now');
  });

  test.each([
    '850-retailer-with-allowances.edi',
    '850-5010-distributor.edi',
    '850-drop-ship.edi',
    '850-ten-product-ids.edi',
    '850-blanket-release-3040.edi',
    '850-per-hundred-price.edi',
  ])('%s is answered with its own line numbers, ids, prices and parties', (name) => {
    const mapped = mapPurchaseOrder(readFixture(name), {
      usage: 'P',
      entityId: 'E',
      customerId: 'C',
      partnerId: 'P',
    });
    if (mapped.kind !== 'order') throw new Error(mapped.kind);
    const { request } = mapped;
    const answer = {
      ...orderAnswer,
      purchaseOrderNumber: request.purchaseOrderNumber,
      parties: request.parties,
      references: request.references,
      lines: request.lines.map(({ adjustments: _asked, ...line }) => ({
        ...line,
        statuses: [{ code: 'IA' as const, quantity: line.quantity }],
      })),
    };
    for (const version of versions) {
      const rendered = renderOrderAcknowledgment(answer, { version, separators });
      expect(judged(write(draftOf(rendered), version))).toEqual({ ack: 'A', findings: [] });
      const po1 = linesOf(rendered).filter((line) => line.startsWith('PO1'));
      expect(po1).toEqual(
        request.lines.map((line) =>
          [
            'PO1',
            line.buyerLineNumber ?? '',
            line.quantity,
            line.unit,
            line.unitPrice ?? '',
            line.priceBasisCode ?? '',
            ...line.productIds.flatMap(({ qualifier, value }) => [qualifier, value]),
          ].join('*'),
        ),
      );
    }
  });
});

describe('allowances and charges on the 855', () => {
  const spring = {
    indicator: 'allowance',
    code: 'F800',
    description: 'SPRING 10 percent off',
    amountMinor: 1374,
  } as const;
  const freight = { indicator: 'charge', code: 'D240', description: 'FREIGHT', amountMinor: 1999 } as const;
  const [first, ...others] = orderAnswer.lines;
  const promised = {
    ...orderAnswer,
    adjustments: [freight],
    lines: [{ ...(first as (typeof orderAnswer.lines)[number]), adjustments: [spring] }, ...others],
  };
  const sac = (rendered: ReturnType<typeof renderOrderAcknowledgment>) =>
    linesOf(rendered).filter((line) => line.startsWith('SAC'));

  test('those of the order stand in its head, those of a line in its loop, right by the dictionary', async () => {
    const lines = linesOf(renderOrderAcknowledgment(promised, v4010));
    expect(lines[lines.indexOf('REF*MR*1205*REPLENISHMENT') + 1]).toBe(
      'SAC*C*D240***1999*******06***FREIGHT',
    );
    expect(lines[lines.indexOf('ACK*IA*20*EA*068*20261125') - 1]).toBe(
      'SAC*A*F800***1374*******02***SPRING 10 percent off',
    );
    await expectRight((version) => renderOrderAcknowledgment(promised, { version }));
  });

  test('are left out where the guide has no place for them', () => {
    expect(sac(renderOrderAcknowledgment(promised, { ...v4010, orderAdjustments: false }))).toHaveLength(1);
    expect(
      sac(
        renderOrderAcknowledgment(promised, {
          ...v4010,
          orderAdjustments: false,
          adjustmentsOfLines: false,
        }),
      ),
    ).toEqual([]);
  });

  test('an amount of three places that SAC05 cannot say is left to the invoice', () => {
    const dinars = { ...promised, currency: 'BHD', adjustments: [{ ...freight, amountMinor: 1995 }] };
    expect(sac(renderOrderAcknowledgment({ ...dinars, lines: orderAnswer.lines }, v4010))).toEqual([]);
    expect(
      sac(
        renderOrderAcknowledgment(
          { ...dinars, lines: orderAnswer.lines },
          { ...v4010, threePlaceAmounts: 'round' },
        ),
      ),
    ).toEqual(['SAC*C*D240***200*******06***FREIGHT']);
  });
});

describe('the 865', () => {
  test('answers a change with its own codes', () => {
    expect(linesOf(renderChangeAcknowledgment(changeAnswer, { ...v4010, descriptions: false }))).toEqual([
      'BCA*04*AC*NB-20931*R-3*001*20261120***SO-100045*20261121*20261120',
      'CUR*SE*USD',
      'REF*DP*PLUMBING',
      'REF*MR*1205*REPLENISHMENT',
      'N1*ST*NORTHBEND SUPPLY DC 4*92*DC04',
      'N3*1180 Foundry Rd*Door 3',
      'N4*Lima*OH*45801*US',
      'N1*BT*NORTHBEND SUPPLY*92*HQ',
      'POC*1*QI*36*36*EA*11.45*PE*VP*HX-1001*BP*440017',
      'ACK*IA*36*EA',
      'POC**DI*2500*0*EA*3.7525*HP*VP*M8X40',
      'ACK*IR*2500*EA',
      'CTT*2',
    ]);
  });

  test('is right by the dictionary and to an independent reader in 4010 and 5010', async () => {
    await expectRight((version) => renderChangeAcknowledgment(changeAnswer, { version }));
  });

  test('confirms a cancellation without any line', async () => {
    const cancelled = { ...changeAnswer, purpose: '01', acknowledgment: 'AK', lines: [] } as const;
    await expectRight((version) => renderChangeAcknowledgment(cancelled, { version }));
  });
});

describe('why something is refused', () => {
  const reason = 'the item is not known: VP M8X40; '.repeat(12);
  const [first, second] = orderAnswer.lines;
  const refused = { ...orderAnswer, lines: [first, { ...second, reason }] } as typeof orderAnswer;
  const [changed, deleted] = changeAnswer.lines;
  const refusedChange = { ...changeAnswer, lines: [changed, { ...deleted, reason }] } as typeof changeAnswer;

  test('is said in words after the codes: in as many MSG as it takes, in MTX from 5010 on', () => {
    const lines = linesOf(renderOrderAcknowledgment(refused, v4010));
    expect(lines.slice(lines.indexOf('ACK*IR*2500*EA') + 1).map((line) => line.length)).toEqual([
      'N9*L1**REASON'.length,
      'MSG*'.length + 263,
      135,
      'CTT*2'.length,
    ]);
    expect(linesOf(renderOrderAcknowledgment(refused, { version: '005010' }))).toContain(
      `MTX**${reason.trim()}`,
    );
  });

  test('is left out where the guide has no place for it', () => {
    expect(linesOf(renderOrderAcknowledgment(refused, { ...v4010, reasons: false })).join()).not.toContain(
      'N9',
    );
    const guide = guideSchema.parse({
      name: 'terse-855',
      title: 'Codes alone',
      set: '855',
      version: '004010',
      rules: [{ at: 'PO1/N9', use: 'not-used' }],
    });
    const shaped = shapeDocument(draftOf(renderOrderAcknowledgment(refused, v4010)), guide);
    expect(shaped.segments.map(([id]) => id).filter((id) => id === 'N9' || id === 'MSG')).toEqual([]);
  });

  test('is right by the dictionary and to an independent reader, on 855 and 865 alike', async () => {
    await expectRight((version) => renderOrderAcknowledgment(refused, { version }));
    await expectRight((version) => renderChangeAcknowledgment({ ...refusedChange, reason }, { version }));
  });
});
