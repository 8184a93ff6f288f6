import type { InvoiceDocument, OrderAnswer, ShipNotice } from '../../domain/order/answers';
import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import { shapeDocument } from '../../edi/guides/shape-document';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import { renderInvoice } from '../../edi/mapping/invoice';
import { renderOrderAcknowledgment } from '../../edi/mapping/order-acknowledgment';
import type { Rendered } from '../../edi/mapping/rendering';
import { renderShipNotice } from '../../edi/mapping/ship-notice';
import type { DocumentDraft } from '../../edi/x12/model';
import {
  type DocumentAgreement,
  type InterchangeAgreement,
  interchangePolicy,
} from '../../gateway/agreement';
import { agreedOptions } from '../../gateway/outbound/rendering-options';
import { libraryGuide } from './guide-library';
import { invoice, orderAnswer, shipNotice, ssccs } from './mapping/answers';
import { draftOf, linesOf, write } from './mapping/write-document';

/** What the judge, business and the guide say of a document once it is shaped and written. */
function verdict(rendered: Rendered, name: string): { draft: DocumentDraft; faults: string[] } {
  const guide = libraryGuide(name);
  const draft = shapeDocument(draftOf(rendered), guide);
  const release = guide.version >= '005010' ? '005010' : '004010';
  const { judgements } = judgeArrival(write(draft, release), null, nothingSeen);
  const [transaction] = judgements
    .flatMap(({ groups }) => groups)
    .flatMap(({ transactions }) => transactions);
  const document = transaction?.document;
  if (!document) throw new Error(`not accepted: ${JSON.stringify(transaction?.findings)}`);
  const breaches = applyGuide({ ...document, version: guide.version }, guide);
  const faults = [...breaches, ...businessFindings(document)].map(({ finding }) => finding.text);
  return { draft, faults };
}

const segmentsOf = (draft: DocumentDraft): string[] => linesOf({ kind: 'rendered', draft });

const store = { role: 'BY', name: 'STORE 101', idQualifier: '92', id: '0101' } as const;
const centre = { role: 'ST', name: 'TALLIS DC', idQualifier: '92', id: '0719' } as const;
const retail = {
  purchaseOrderNumber: '4471903',
  references: [{ qualifier: 'DP', value: '042' }],
  parties: [centre, store, { role: 'BT', name: 'TALLIS AP', idQualifier: '92', id: '0001' }],
} as const;
const kettle = {
  buyerLineNumber: '1',
  productIds: [{ qualifier: 'UP', value: '784456010014' }],
  unit: 'EA',
  unitPrice: '7.95',
  quantity: '24',
  description: 'KETTLE',
} as const;

describe('a big retailer', () => {
  const { releaseNumber: _, ...base } = shipNotice;
  const notice = {
    ...base,
    ...retail,
    lines: [{ ...kettle, ordered: '24', shipped: '24' }],
    packages: [
      { sscc: ssccs[0], trackingNumber: '1Z1', contents: [{ lineIndex: 0, quantity: '12' }] },
      { sscc: ssccs[1], contents: [{ lineIndex: 0, quantity: '12' }] },
    ],
  } as ShipNotice;

  test('gets the ship notice as its guide wants it, with what the hub alone would leave out or add', () => {
    const plain = renderShipNotice(notice, { version: '004010', bsnStructure: '0001', ssccDigits: 20 });
    expect(applied(plain)).toContainEqual(expect.stringContaining('requires REF with REF01 = IA'));
    const { draft, faults } = verdict(plain, 'tallis-and-wren-856');
    expect(faults).toEqual([]);
    const segments = segmentsOf(draft);
    expect(segments).toContain('REF*IA*0078123');
    expect(segments.filter((one) => /^(MAN\*CP|PID|N1\*BT)/.test(one))).toEqual([]);
    // The number of the vendor stands with the other references of the shipment.
    expect(segments.indexOf('REF*IA*0078123')).toBe(
      segments.findIndex((one) => one.startsWith('REF*CN')) + 1,
    );
  });

  test('does not get one whose order named no department: what is missing is named', () => {
    const { faults } = verdict(
      renderShipNotice({ ...notice, references: [] }, { version: '004010', bsnStructure: '0001' }),
      'tallis-and-wren-856',
    );
    expect(faults).toEqual([
      'tallis-and-wren-856 requires REF with REF01 = DP here, it stands 0 times (the department, as the order named it)',
    ]);
  });

  test('gets its invoice without currency and descriptions, and with the total that the lines come to', () => {
    const { releaseNumber: _release, adjustments: _adjustments, ...rest } = invoice;
    const lines = [{ ...kettle, invoiced: '24', amountMinor: 19080 }];
    const bill = {
      ...rest,
      ...retail,
      lines,
      adjustments: [],
      taxMinor: 0,
      totalMinor: 19080,
    } as InvoiceDocument;
    const { draft, faults } = verdict(renderInvoice(bill, { version: '004010' }), 'tallis-and-wren-810');
    expect(faults).toEqual([]);
    const segments = segmentsOf(draft);
    expect(segments[0]).toMatch(/^BIG\*.*\*\*\*DI$/);
    expect(segments.filter((one) => /^(CUR|PID|N1\*BT)/.test(one))).toEqual([]);
    expect(segments).toContain('TDS*19080');
  });

  function applied(rendered: Rendered): string[] {
    const { judgements } = judgeArrival(write(draftOf(rendered), '004010'), null, nothingSeen);
    const document = judgements[0]?.groups[0]?.transactions[0]?.document;
    if (!document) throw new Error('not accepted');
    return applyGuide(document, libraryGuide('tallis-and-wren-856')).map(({ finding }) => finding.text);
  }
});

describe('a marketplace', () => {
  const consumer = {
    purchaseOrderNumber: 'KM-100200301',
    references: [{ qualifier: 'CO', value: '7712-00431' }],
    parties: [{ role: 'ST', name: 'DANA WHITLOCK' }],
  } as const;
  const line = { ...kettle, productIds: [{ qualifier: 'SK', value: 'KTL-08' }], quantity: '1' } as const;

  test('gets its answer without the consumer, line by line', () => {
    const { releaseNumber: _, ...rest } = orderAnswer;
    const answer = {
      ...rest,
      ...consumer,
      acknowledgment: 'AD',
      lines: [{ ...line, statuses: [{ code: 'IA', quantity: '1' }] }],
    } as OrderAnswer;
    const { draft, faults } = verdict(
      renderOrderAcknowledgment(answer, { version: '004010' }),
      'kestrel-market-855',
    );
    expect(faults).toEqual([]);
    expect(segmentsOf(draft).filter((one) => /^(CUR|N1|PID)/.test(one))).toEqual([]);
  });

  test('is not told of half a line: that waits for a person', () => {
    const { releaseNumber: _, ...rest } = orderAnswer;
    const statuses = [
      { code: 'IA', quantity: '1' },
      { code: 'IB', quantity: '1' },
    ];
    const answer = {
      ...rest,
      ...consumer,
      acknowledgment: 'AC',
      lines: [{ ...line, quantity: '2', statuses }],
    } as OrderAnswer;
    const { faults } = verdict(
      renderOrderAcknowledgment(answer, { version: '004010' }),
      'kestrel-market-855',
    );
    expect(faults).toEqual([expect.stringContaining('takes ACK at most 1 times here')]);
  });
});

test('whom to pay is named by the release of the agreement, unless its guide names it otherwise', () => {
  const agreement = { policy: interchangePolicy.parse({}) } as InterchangeAgreement;
  const role = (version: string, guide: string | null, options = {}) => {
    const terms = { set: '810', version, options } as unknown as DocumentAgreement;
    const agreed = agreedOptions(terms, agreement, guide === null ? null : libraryGuide(guide));
    return 'problem' in agreed ? agreed.problem : agreed.remitToRole;
  };
  expect(['004010', '004030VICS', '005010'].map((version) => role(version, null))).toEqual([
    'RE',
    'RI',
    'RI',
  ]);
  // This one asks for N1*RE in 005010, as partners go on doing.
  expect(role('005010', 'varga-industrial-810')).toBe('RE');
  expect(role('005010', 'varga-industrial-810', { remitToRole: 'RI' })).toBe('RI');
});
