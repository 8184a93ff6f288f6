import { issueCreditMemo } from '../../application/invoicing/issue-credit-memo';
import { answerReturnRequest } from '../../application/invoicing/record-return-request';
import { placeOrder } from '../../application/order/place-order';
import { tellChangedPromise } from '../../application/order/report-order-status';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { clock, GatewayDoor } from '../support/gateway-door';
import { group, interchange, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
let control = 0;
beforeEach(async () => {
  control = 0;
  door = await GatewayDoor.open();
  await seedCompany(door.db, { stock: { BOLT: { CENTRAL: 10 }, NUT: { CENTRAL: 100 } } });
  await setUpPartner(door.db, { partnerId: 'ACME-EDI' });
});
afterEach(() => door.database.drop());

async function send(set: string, functionalId: string, ...segments: readonly string[]): Promise<void> {
  control += 1;
  const text = transactionSet(set, '0001', segments);
  await door.send(
    interchange({
      sender: 'ACME-EDI',
      controlNumber: control,
      groups: [group(functionalId, control, [text], 'ACME-EDI')],
    }),
  );
  await door.work('ACME-EDI');
}

/** The sets that wait to go out, one line a segment, without envelope and answers to what came. */
async function outbound(set: string): Promise<readonly string[]> {
  await renderDocuments(door.db, 'ACME-EDI-P', clock);
  const held = await door.db('document_request').where({ status: 'held' }).pluck('problem');
  expect(held).toEqual([]);
  const rows = (await door
    .db('interchange')
    .where({ direction: 'out' })
    .orderBy('sequence')
    .select('content')) as {
    content: Buffer;
  }[];
  return rows
    .flatMap(({ content }) => content.toString('latin1').split(/(?<=~)(?=ST\*)/))
    .filter((text) => text.startsWith(`ST*${set}*`))
    .flatMap((text) => text.slice(0, text.indexOf('~SE*')).split('~').filter(Boolean).slice(1));
}

async function placed(
  ...lines: Parameters<typeof purchaseOrder>[0]
): Promise<{ id: string; number: string }> {
  const request = purchaseOrder(lines);
  const outcome = await door.db.transaction((tx) => placeOrder(tx, request, NOW));
  if (outcome.kind !== 'placed') throw new Error('not placed');
  return { id: outcome.orderId, number: request.purchaseOrderNumber };
}

async function billed(orderId: string, invoiceNumber: string, totalMinor: number): Promise<string> {
  const [shipment] = (await door
    .db('shipment')
    .insert({
      order_id: orderId,
      shipment_number: `SH-${invoiceNumber}`,
      sequence: 1,
      node_id: 'EAST',
      state: 'shipped',
      planned_at: NOW,
    })
    .returning('id')) as [{ id: string }];
  const [invoice] = (await door
    .db('invoice')
    .insert({
      invoice_number: invoiceNumber,
      entity_id: 'US01',
      order_id: orderId,
      shipment_id: shipment.id,
      credit_account_id: 'CA-ACME',
      currency: 'USD',
      lines: '[]',
      subtotal_minor: totalMinor,
      charges: '[]',
      charges_minor: 0,
      tax_minor: 0,
      total_minor: totalMinor,
      terms: JSON.stringify({ netDays: 30 }),
      invoice_date: '2026-03-02',
      due_date: '2026-04-01',
      issued_at: NOW,
    })
    .returning('id')) as [{ id: string }];
  return invoice.id;
}

const open = async () =>
  (await door
    .db('exception')
    .where({ status: 'open' })
    .orderBy('priority')
    .select('kind', 'owner_role', 'text')) as {
    kind: string;
    owner_role: string;
    text: string;
  }[];

describe('a debit or credit of a partner (812)', () => {
  const claim = (amount: string) => [
    `BCD*20261122*CB-1*J*${amount}*D**I1`,
    'N1*BY*Acme*92*A1',
    'CDD*06*D*1*7200**A*3*EA**RES*24',
    'LIN*1*BP*AC-BOLT',
  ];

  test('is a claim on its invoice that finance owns; again it says nothing new, with another amount it is set aside', async () => {
    const order = await placed(line('BOLT', '1', '10.00'));
    await billed(order.id, 'I1', 10_000);
    await send('812', 'CD', ...claim('7200'));
    await send('812', 'CD', ...claim('7200'));
    await send('812', 'CD', ...claim('9900'));
    expect(await door.db('invoice_adjustment').select('amount_minor', 'credit_or_debit', 'order_id')).toEqual(
      [{ amount_minor: 7200, credit_or_debit: 'D', order_id: order.id }],
    );
    expect(await door.db('received_content').orderBy('id').pluck('state')).toEqual([
      'done',
      'kept',
      'set-aside',
    ]);
    expect((await open()).map(({ kind, owner_role }) => `${kind} ${owner_role}`)).toEqual([
      'adjustment-claimed finance',
      'adjustment-not-recorded finance',
    ]);
    expect((await open())[0]?.text).toContain(
      'debits us for 72.00 USD on invoice I1, 812 CB-1 (reason 06 72.00 3 EA AC-BOLT)',
    );
    expect(await door.db('invoice').pluck('paid_minor')).toEqual([0]);
  });

  test('on an invoice that is not there is kept all the same, and says so', async () => {
    await send('812', 'CD', ...claim('7200'));
    expect(await door.db('invoice_adjustment').pluck('invoice_id')).toEqual([null]);
    expect((await open())[0]?.text).toContain('invoice I1, which is none of this customer');
  });
});

describe('a credit memo of ours', () => {
  test('tells the partner by an 812; credits of an invoice are never more than it was, whoever grants them at once', async () => {
    const order = await placed(line('BOLT', '1', '10.00'));
    const invoiceId = await billed(order.id, 'I1', 10_000);
    const credit = (amountMinor: number) =>
      door.db.transaction((tx) =>
        issueCreditMemo(tx, { invoiceId, amountMinor, reason: '01', person: 'fay' }, NOW),
      );
    const outcomes = await Promise.all([credit(6000), credit(6000), credit(6000)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['issued', 'refused', 'refused']);
    expect(await credit(0)).toMatchObject({ code: 'amount-not-positive' });
    expect(await outbound('812')).toEqual([
      `BCD*20260302*CM-US01-000001*L*6000*C*20260302*I1**20260301*${order.number}*00`,
      'CUR*SE*USD',
      'N1*SE*Harbor Supply',
      'N1*ST**92*DC1',
      'CDD*01*C**6000',
    ]);
  });
});

describe('a return that is asked for (180)', () => {
  test('waits for customer service; the answer carries our return number and what was asked', async () => {
    const order = await placed(line('BOLT', '1', '10.00'));
    await send(
      '180',
      'AN',
      'BGN*13*RR1*20261122',
      `PRF*${order.number}`,
      'BLI*BP*AC-BOLT*1*EA',
      'RDR*CR*DM**BENT',
    );
    await send(
      '180',
      'AN',
      'BGN*13*RR1*20261122',
      `PRF*${order.number}`,
      'BLI*BP*AC-BOLT*1*EA',
      'RDR*CR*DM**BENT',
    );
    expect((await open()).map(({ kind, owner_role }) => `${kind} ${owner_role}`)).toEqual([
      'return-requested customer-service',
    ]);
    expect((await open())[0]?.text).toContain('wants to return 1 EA AC-BOLT (BENT) (180 RR1)');
    const [request] = (await door.db('return_request').select('id', 'order_id')) as [
      { id: string; order_id: string },
    ];
    expect(request.order_id).toBe(order.id);
    const answer = (authorize: boolean) =>
      door.db.transaction((tx) =>
        answerReturnRequest(
          tx,
          { returnRequestId: request.id, authorize, text: 'SEND IT TO EAST', person: 'cy' },
          NOW,
        ),
      );
    expect(await answer(true)).toEqual({ kind: 'answered', returnNumber: 'RMA-US01-000001' });
    expect(await answer(false)).toMatchObject({ code: 'already-answered' });
    expect(await open()).toEqual([]);
    expect(await outbound('180')).toEqual([
      'BGN*11*RMA-US01-000001*20260302***RR1',
      'RDR****SEND IT TO EAST',
      `PRF*${order.number}`,
      'N9*RZ*RMA-US01-000001',
      'BLI*BP*AC-BOLT*1*EA',
      'RDR*CR*DM**BENT',
    ]);
  });

  test('gets back what the hub has no field for, and a person sees it', async () => {
    await send('180', 'AN', 'BGN*13*RR2*20261122', 'TD5*****OUR OWN TRUCK', 'BLI*BP*AC-BOLT*1*EA');
    expect((await open()).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('TD5: routing OUR OWN TRUCK is not handled (segment 3)'),
    );
    const { id } = (await door.db('return_request').first('id')) as { id: string };
    await door.db.transaction((tx) =>
      answerReturnRequest(tx, { returnRequestId: id, authorize: true, text: 'YES', person: 'cy' }, NOW),
    );
    expect(await outbound('180')).toEqual([
      'BGN*11*RMA-US01-000001*20260302***RR2',
      'RDR****YES',
      'N9*RZ*RMA-US01-000001',
      'TD5*****OUR OWN TRUCK',
      'BLI*BP*AC-BOLT*1*EA',
    ]);
  });
});

describe('how orders stand', () => {
  const agreeOnReports = () =>
    door.db('document_agreement').insert({
      agreement_id: 'ACME-EDI-P',
      direction: 'out',
      set_id: '870',
      own_gs_id: 'HUBGS',
      partner_gs_id: 'ACME-EDIGS',
      version: '004010',
    });

  test('is answered order by order from the record (869, 870); an unknown order is said to be unknown', async () => {
    await agreeOnReports();
    const order = await placed(line('BOLT', '12', '10.00'), line('NUT', '5', '0.0425'));
    await send(
      '869',
      'RS',
      'BSI*INQ1*20261122*PA',
      'HL*1**O',
      `PRF*${order.number}`,
      'HL*2**O',
      'PRF*NOSUCH',
    );
    const report = await outbound('870');
    expect(report.slice(1)).toEqual([
      'HL*1**O*1',
      `PRF*${order.number}***20260301`,
      expect.stringMatching(/^REF\*VN\*/),
      'N1*ST**92*DC1',
      'HL*2*1*I*0',
      'PO1*1*12*EA*10**VP*BOLT',
      'PID*F****Bolt',
      'ISR*AS',
      'QTY*01*10*EA',
      'ISR*BO',
      'QTY*01*2*EA',
      'HL*3*1*I*0',
      'PO1*2*5*EA*0.0425**VP*NUT',
      'PID*F****Nut',
      'ISR*AS',
      'QTY*01*5*EA',
      'HL*4**O*0',
      'PRF*NOSUCH',
      'ISR*ID',
      'PID*F****NO SUCH PURCHASE ORDER',
      'CTT*4',
    ]);
    expect(report[0]).toMatch(/^BSR\*1\*PA\*\w{30}\*\d{8}\*\*\*\*INQ1\*20261122$/);
  });

  test('for the items that are asked for, shipped or not, of all orders where none is named', async () => {
    await agreeOnReports();
    const order = await placed(line('BOLT', '12', '10.00'), line('NUT', '5', '0.0425'));
    await door
      .db('order_line')
      .where({ order_id: order.id, line_number: 2 })
      .update({ reserved: 0, shipped: 5 });
    await send(
      '869',
      'RS',
      'BSI*INQ1*20261122*PP',
      'HL*1**O',
      `PRF*${order.number}`,
      'HL*2*1*I',
      'LIN**VP*NUT',
    );
    expect((await outbound('870')).filter((segment) => /^(PO1|ISR)/.test(segment))).toEqual([
      'PO1*2*5*EA*0.0425**VP*NUT',
      'ISR*CC',
    ]);
    await send('869', 'RS', 'BSI*INQ2*20261122*CO', 'HL*1**O');
    expect((await outbound('870')).filter((segment) => /^(PO1|ISR)/.test(segment)).slice(2)).toEqual([
      'PO1*1*12*EA*10**VP*BOLT',
      'ISR*AS',
      'ISR*BO',
    ]);
  });

  test('and a promise that breaks is told by an 870 where that was agreed, by another 855 where not', async () => {
    const order = await placed(line('BOLT', '12', '10.00'));
    const tell = () => door.db.transaction((tx) => tellChangedPromise(tx, order.id, NOW));
    await tell();
    await agreeOnReports();
    await tell();
    await tell();
    const sets = await door
      .db('document_request')
      .where({ order_id: order.id })
      .orderBy('id')
      .pluck('set_id');
    expect(sets).toEqual(['855', '870', '870']);
    expect((await outbound('870')).filter((segment) => segment.startsWith('BSR'))).toEqual([
      expect.stringMatching(/^BSR\*3\*PA\*SO?\d+-1\*20260302$/),
      expect.stringMatching(/^BSR\*3\*PA\*SO?\d+-2\*20260302$/),
    ]);
  });
});
