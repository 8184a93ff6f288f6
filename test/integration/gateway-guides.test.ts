import { placeOrder } from '../../application/order/place-order';
import { requestDocument } from '../../db/repositories/document-requests';
import { saveGuide } from '../../db/repositories/guides';
import { type Guide, guideSchema } from '../../edi/guides/guide';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { clock, GatewayDoor, NOW } from '../support/gateway-door';
import { group, interchange, orderAnswer, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
});
afterEach(() => door.database.drop());

type Given = Partial<Guide> & { readonly set: string };

/** Saved for ACME's agreement, in force from that day. */
async function guideInForce(given: Given, direction: 'in' | 'out', from = '2026-01-01'): Promise<void> {
  const guide = guideSchema.parse({ name: `acme-${given.set}`, version: '004010', ...given });
  await door.db.transaction((tx) =>
    saveGuide(tx, {
      name: guide.name,
      set_id: guide.set,
      release: guide.version,
      title: '',
      effective_from: from,
      effective_until: null,
      body: guide,
      saved_by: 'a test',
    }),
  );
  await door.db('document_agreement').where({ direction, set_id: given.set }).update({ guide: guide.name });
}

async function mayAdvise(): Promise<void> {
  const [row] = await door.db('document_agreement').where({ direction: 'out', set_id: '855' });
  const { id: _, ...rest } = row;
  await door.db('document_agreement').insert({ ...rest, set_id: '824' });
}

const body = ['BEG*00*SA*PO1**20261120', 'N1*ST*Store 42*92*0042', 'PO1*1*10*EA*4.25**BP*B-1', 'CTT*1'];
const order = (segments = body, number = 1) =>
  interchange({
    controlNumber: number,
    groups: [group('PO', number, [transactionSet('850', '0001', segments)])],
  });
const document = () => door.db('document').where({ direction: 'in' }).first();

describe('what comes in is held against the guide in force', () => {
  test('a breach that the agreement makes a matter of the acknowledgement rejects the set, at its place', async () => {
    const rules = [{ at: 'REF[DP]', use: 'required' as const }];
    await guideInForce(
      { set: '850', rules, breach: 'reject', acknowledgement: { breaches: 'acknowledge' } },
      'in',
    );
    await door.send(order());
    const [answer] = await door.outbound();
    expect(answer).toMatch(/~AK2\*850\*0001~AK3\*REF\*3\*\*3~AK5\*R\*5~AK9\*R\*1\*1\*0~/);
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect(await document()).toMatchObject({
      validation: 'rejected',
      guide: 'acme-850',
      guide_version: 1,
      findings: [{ severity: 'guide', segment: 'REF', position: 3, implementationError: 'I8' }],
    });
  });

  test('otherwise the 997 accepts it, nothing follows from it, and an 824 says why', async () => {
    await mayAdvise();
    await guideInForce(
      { set: '850', rules: [{ at: 'BEG', elements: { '2': { codes: ['DS'] } } }], breach: 'reject' },
      'in',
    );
    await door.send(order());
    const answers = (await door.outbound()).join('\n');
    expect(answers).toContain('AK5*A~');
    expect(answers).toMatch(
      /~ST\*824\*0001~BGN\*00\*[0-9a-f]{30}\*20261122\*1200~OTI\*TR\*PO\*PO1\*ACMEGS\*HUBGS\*\*\*1\*0001\*850\*004010~TED\*848\*BEG02: "SA" is not among the guide's codes DS\*BEG\*2\*2\*92\*SA~SE/,
    );
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 0 });
    expect(await door.exceptions()).toEqual([]);
  });

  test('a breach to be advised is processed, and told by 824', async () => {
    await mayAdvise();
    await guideInForce({ set: '850', rules: [{ at: 'REF[DP]', use: 'required', action: 'advise' }] }, 'in');
    await door.send(order());
    expect((await door.outbound()).join('\n')).toMatch(/OTI\*TE\*PO\*PO1.*TED\*007\*.*\*REF\*3~/);
    expect(await door.db('order_inbox').pluck('purchase_order_number')).toEqual(['PO1']);
    expect(await document()).toMatchObject({ validation: 'accepted-with-errors' });
  });

  test('a breach to be held puts the order before a person, who sees segment and position', async () => {
    await guideInForce({ set: '850', rules: [{ at: 'PO1', elements: { '6': { codes: ['UP'] } } }] }, 'in');
    await door.send(order());
    const [{ payload }] = await door.db('order_inbox').select('payload');
    expect(payload.unhandled).toEqual([
      {
        at: { segmentId: 'PO1', segment: 4, element: 6 },
        text: 'PO106: "BP" is not among the guide\'s codes UP',
      },
    ]);
    expect((await door.outbound()).join()).toContain('AK5*A~');
  });

  test('a warning stays with the document and changes nothing', async () => {
    await guideInForce({ set: '850', rules: [{ at: 'REF[DP]', use: 'required', action: 'warn' }] }, 'in');
    await door.send(order());
    expect(await document()).toMatchObject({ validation: 'accepted', findings: [{ severity: 'guide' }] });
    expect((await door.db('order_inbox').first()).payload.unhandled).toEqual([]);
  });

  test('other separators than its guide names are a warning, or what the guide says; none is rejected for them', async () => {
    const separators = { element: '|', component: '>', segment: '~' };
    await guideInForce({ set: '850', interchange: { separators } }, 'in');
    await door.send(order());
    expect((await document()).findings).toMatchObject([
      { segment: 'ST', position: 1, text: 'acme-850 separates elements by "|", not "*"' },
    ]);
    await guideInForce({ set: '850', interchange: { separators, breach: 'hold' } }, 'in');
    await door.send(order(['BEG*00*SA*PO2**20261120', ...body.slice(1)], 2).replaceAll('*', '|'));
    await door.send(order(['BEG*00*SA*PO3**20261120', ...body.slice(1)], 3));
    const asked = await door.db('order_inbox').orderBy('id').select('payload');
    expect(asked.map(({ payload }) => payload.unhandled.length)).toEqual([0, 0, 1]);
  });

  test('an order is to be answered within the hours of its guide, where its customer has no time of its own', async () => {
    await guideInForce({ set: '850', answerWithinHours: 1.5 }, 'in');
    const due = async (po: string, number: number) => {
      await door.send(order([`BEG*00*SA*${po}**20261120`, ...body.slice(1)], number));
      const { payload } = await door.db('order_inbox').where({ purchase_order_number: po }).first('payload');
      await door.db.transaction((tx) => placeOrder(tx, payload, NOW));
      return (await door.db('orders').where({ po_number: po }).first('answer_due_at')).answer_due_at;
    };
    expect(await due('PO1', 1)).toBe('2026-11-22T19:30:00.000Z');
    await door.db('customer').update({ policy: JSON.stringify({ answerWithinSeconds: 7200 }) });
    expect(await due('PO2', 2)).toBe('2026-11-22T20:00:00.000Z');
  });

  test('a document keeps the version that judged it; one that is not yet in force judges nothing', async () => {
    await guideInForce({ set: '850', rules: [] }, 'in');
    await guideInForce(
      { set: '850', rules: [{ at: 'REF[DP]', use: 'required', action: 'warn' }] },
      'in',
      '2026-11-22',
    );
    await guideInForce(
      { set: '850', rules: [{ at: 'BEG', elements: { '2': { codes: ['DS'] } } }] },
      'in',
      '2026-11-23',
    );
    await door.send(order());
    expect(await document()).toMatchObject({
      guide: 'acme-850',
      guide_version: 2,
      findings: [{ segment: 'REF' }],
    });
  });

  test('a guide that nobody saved stops nothing, and somebody is told', async () => {
    await door
      .db('document_agreement')
      .where({ direction: 'in', set_id: '850' })
      .update({ guide: 'acme-lost' });
    await door.send(order());
    expect(await document()).toMatchObject({ validation: 'accepted', guide: null });
    expect(await door.exceptions()).toEqual(['guide-missing']);
    expect(await door.db('order_inbox').count().first()).toEqual({ count: 1 });
  });

  test('what is saved stays as it is', async () => {
    await guideInForce({ set: '850', rules: [] }, 'in');
    await expect(door.db('guide').update({ title: 'another' })).rejects.toThrow(
      /kept as it is: save a new version/,
    );
    await expect(door.db('guide').delete()).rejects.toThrow(/kept as it is/);
  });
});

describe('what makes no sense of business', () => {
  const late = [
    'BEG*00*SA*PO1**20261120',
    'DTM*010*20261210',
    'DTM*001*20261201',
    'PO1*1*10*EA*4.25**BP*B-1',
    'CTT*1',
  ];

  test('is no matter of the 997: the order is held at its place', async () => {
    await door.send(order(late));
    expect((await door.outbound()).join()).toContain('AK5*A~');
    const [{ payload }] = await door.db('order_inbox').select('payload');
    expect(payload.unhandled).toMatchObject([{ at: { segmentId: 'DTM', segment: 4, element: 2 } }]);
    expect(await document()).toMatchObject({ findings: [{ severity: 'business', position: 4 }] });
  });

  test('of another document than an order is a warning, unless the agreement wants it held until somebody has looked', async () => {
    const notice = (number: number) => {
      const segments = [
        'BSN*00*SH1*20261122*1200*0004',
        'HL*1**S',
        'HL*2*1*O',
        'HL*3*2*I',
        'LIN**UP*784456010014',
        'CTT*9',
      ];
      const sets = [transactionSet('856', '0001', segments)];
      return interchange({ controlNumber: number, groups: [group('SH', number, sets)] });
    };
    await door.send(notice(1));
    const policy = JSON.stringify({ business: { 'line-count': 'hold' } });
    await door.db('interchange_agreement').update({ policy });
    await door.send(notice(2));
    const contents = await door.db('received_content').orderBy('id').select('state', 'note');
    expect(contents).toEqual([
      { state: 'waiting', note: null },
      { state: 'set-aside', note: 'CTT01 at 7: it counts 9, there are 3 HL' },
    ]);
    expect(await door.exceptions()).toContain('document-in-doubt');
  });

  test('is told by 824 where that was agreed', async () => {
    await mayAdvise();
    await door
      .db('interchange_agreement')
      .update({ policy: JSON.stringify({ business: { 'date-order': 'advise' } }) });
    await door.send(order(late));
    expect((await door.outbound()).join()).toMatch(
      /OTI\*TE\*PO\*PO1.*TED\*848\*DTM02 at 4.*\*DTM\*4\*2\*373\*20261201~/,
    );
    expect((await door.db('order_inbox').first()).payload.unhandled).toEqual([]);
  });
});

describe('what goes out is shaped by the guide', () => {
  async function answer(change: Parameters<typeof orderAnswer>[1] = {}): Promise<string> {
    await door.db.transaction((tx) =>
      requestDocument(tx, {
        subject: 'order/PO1/855',
        partnerId: 'ACME',
        set: '855',
        usage: 'P',
        payload: orderAnswer('PO1', change),
      }),
    );
    await renderDocuments(door.db, 'ACME-P', clock);
    const row = await door.db('interchange').where({ direction: 'out' }).first('content');
    return row ? row.content.toString('latin1') : '';
  }

  test('in its version and separators, without what it does not use, with our number as it asks', async () => {
    await guideInForce(
      {
        set: '855',
        version: '004010VICS',
        interchange: { separators: { element: '|', component: ':', segment: "'" } },
        rules: [
          { at: 'CUR', use: 'not-used' },
          { at: 'N1', use: 'not-used' },
          { at: 'REF[DP]', use: 'required' },
          { at: 'REF[IA]', use: 'required', elements: { '2': { use: 'required', fill: '0078123' } } },
          { at: 'CTT', elements: { '2': { use: 'not-used' } } },
        ],
      },
      'out',
    );
    expect(await answer()).toMatch(
      /^ISA\|.*'GS\|PR\|HUBGS\|ACMEGS\|20261122\|1200\|1\|X\|004010VICS'ST\|855\|0001'BAK\|00\|AD\|PO1\|20261120\|\|\|\|SO1\|20261122'REF\|DP\|17'REF\|IA\|0078123'PO1\|1\|10\|EA\|4\.25\|\|BP\|B-1'ACK\|IA\|10\|EA'CTT\|1'SE\|8\|0001'/,
    );
    expect(await door.db('document').first()).toMatchObject({ guide: 'acme-855', guide_version: 1 });
  });

  test('what breaks it is never sent: an exception names what is missing, and it goes when that is there', async () => {
    await guideInForce(
      { set: '855', rules: [{ at: 'REF[IA]', use: 'required', text: 'the number of the vendor' }] },
      'out',
    );
    expect(await answer()).toBe('');
    const [exception] = await door.db('exception').select('kind', 'text');
    expect(exception.kind).toBe('document-held');
    expect(exception.text).toContain(
      "855 PO1 to ACME was not sent: it breaks the partner's guide: acme-855 requires REF with REF01 = IA here, it stands 0 times (the number of the vendor)",
    );
    expect(await door.db('document_request').pluck('status')).toEqual(['held']);
  });

  test('of what it has no place for but money or goods hang on, nothing is left out', async () => {
    await guideInForce({ set: '855', rules: [{ at: 'PO1/ACK', use: 'not-used' }] }, 'out');
    expect(await answer()).toBe('');
    expect(await door.db('document_request').pluck('status')).toEqual(['held']);
  });
});
