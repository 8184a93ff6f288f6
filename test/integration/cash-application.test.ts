import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { readExposure } from '../../application/credit/read-exposure';
import { recheckCredit } from '../../application/credit/recheck-credit';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { resolveHold } from '../../application/hold/resolve-hold';
import { applyRemittance } from '../../application/invoicing/apply-remittance';
import { issueCreditMemo } from '../../application/invoicing/issue-credit-memo';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { RemittanceAdvice } from '../../domain/invoicing/remittance-advice';
import { readRemittanceAdvice } from '../../edi/mapping/remittance-advice';
import { fixtureBytes, readFixture } from '../edi/mapping/read-document';
import { judged } from '../edi/mapping/write-document';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed, stateOf } from '../support/credit';
import { GatewayDoor } from '../support/gateway-door';
import { remittances } from '../support/remittances';
import { setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await seedCompany(door.db, { limitMinor: 200_000 });
  await setUpPartner(door.db, { partnerId: 'ACME-EDI' });
});
afterEach(() => door.database.drop());

const { pay, remit } = remittances(() => door);

/** An invoice of the demo company for an order of its own. */
async function billed(invoiceNumber: string, totalMinor: number): Promise<void> {
  const placed = await door.db.transaction((tx) =>
    placeOrder(tx, purchaseOrder([line('BOLT', '1', '10.00')]), NOW),
  );
  if (placed.kind !== 'placed') throw new Error('not placed');
  await door.db('orders').where({ id: placed.orderId }).update({ state: 'completed' });
  const [shipment] = (await door
    .db('shipment')
    .insert({
      order_id: placed.orderId,
      shipment_number: `SH-${invoiceNumber}`,
      sequence: 1,
      node_id: 'EAST',
      state: 'shipped',
      planned_at: NOW,
    })
    .returning('id')) as [{ id: string }];
  await door.db('invoice').insert({
    invoice_number: invoiceNumber,
    entity_id: 'US01',
    order_id: placed.orderId,
    shipment_id: shipment.id,
    credit_account_id: 'CA-ACME',
    currency: 'USD',
    lines: '[]',
    subtotal_minor: totalMinor,
    charges: '[]',
    charges_minor: 0,
    tax_minor: 0,
    total_minor: totalMinor,
    terms: JSON.stringify({ discountPercent: '2', discountDays: 10, netDays: 30 }),
    invoice_date: '2026-11-20',
    due_date: '2026-12-20',
    issued_at: NOW,
  });
}

const invoices = async () =>
  Object.fromEntries(
    (
      (await door.db('invoice').select('invoice_number', 'paid_minor', 'discounted_minor')) as {
        invoice_number: string;
        paid_minor: number;
        discounted_minor: number;
      }[]
    ).map((row) => [row.invoice_number, [row.paid_minor, row.discounted_minor]]),
  );
const entries = async () =>
  (
    (await door.db('cash_entry').orderBy('id').select('kind', 'amount_minor')) as {
      kind: string;
      amount_minor: number;
    }[]
  ).map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);
const exposure = async () =>
  (await readExposure(door.db, 'CA-ACME', 'P', null, new Date().toISOString())).chain[0].exposure.totalMinor;
const cashDifferences = async () =>
  (await reconcileRecord(door.db)).filter(({ check }) => /paid|remittance/.test(check));

describe('a remittance for an order that waits for its prepayment', () => {
  /** Two orders of 90.00 without credit; the money of the first is asked for. */
  async function waiting() {
    await door.db('credit_account').where({ id: 'CA-ACME' }).update({ limit_minor: 0 });
    const [order, other] = await Promise.all(
      ['PRE-1', 'PRE-2'].map((purchaseOrderNumber) =>
        placed(door.db, { ...purchaseOrder([line('BOLT', '9', '10.00')]), purchaseOrderNumber }),
      ),
    );
    const hold = (await door.db('hold').where({ order_id: order?.orderId }).first('id')) as { id: string };
    const asked = await door.db.transaction((tx) =>
      resolveHold(
        tx,
        {
          holdId: hold.id,
          action: 'request-prepayment',
          terms: { kind: 'prepayment', expiresAt: '2026-03-09T15:00:00.000Z' },
          person: 'fiona',
          roles: ['finance'],
          reason: 'new customer',
        },
        NOW,
      ),
    );
    expect(asked).toMatchObject({ kind: 'prepayment-requested' });
    return { orderId: order?.orderId ?? '', otherId: other?.orderId ?? '' };
  }
  const states = async (...ids: readonly string[]) => Promise.all(ids.map((id) => stateOf(door.db, id)));

  test('that names its purchase order frees it, once, and nobody else on its money', async () => {
    const { orderId, otherId } = await waiting();
    await remit('T1', '60', 'RMR*PO*PRE-1**60');
    const itsDayHasCome = () => door.db('cash_entry').update({ effective_on: '2026-03-02' });
    await itsDayHasCome();
    expect(await recheckCredit(door.db, 'CA-ACME', NOW)).toEqual([]);
    expect(await states(orderId, otherId)).toEqual(['held', 'held']);
    await remit('T2', '30', 'RMR*PO*PRE-1**30');
    await remit('T2', '30', 'RMR*PO*PRE-1**30');
    await itsDayHasCome();
    const freed = await Promise.all([1, 2].map(() => recheckCredit(door.db, 'CA-ACME', NOW)));
    expect(freed.flat()).toEqual([orderId]);
    expect(await states(orderId, otherId)).toEqual(['placed', 'held']);
    expect(await entries()).toEqual(['prepayment 6000', 'prepayment 3000']);
    expect(await door.db('prepayment_request').first('status')).toEqual({ status: 'paid' });
    expect(await door.exceptions()).toEqual([]);
    expect(await reconcileRecord(door.db)).toEqual([]);
  });

  test('that names one that was cancelled meanwhile stays unapplied, and finance hears of it', async () => {
    const { orderId } = await waiting();
    const received = await door.db.transaction((tx) =>
      receiveOrderChange(
        tx,
        changeOf(purchaseOrder([], { purchaseOrderNumber: 'PRE-1' }), { purpose: 'cancel' }),
        NOW,
      ),
    );
    if (received.kind !== 'recorded') throw new Error(received.kind);
    await door.db.transaction((tx) => applyOrderChange(tx, received.changeId, NOW));
    expect(await door.db('orders').where({ id: orderId }).first('state')).toEqual({ state: 'cancelled' });
    await remit('T1', '90', 'RMR*PO*PRE-1**90');
    expect(await entries()).toEqual(['unapplied 9000']);
    expect(await door.exceptions()).toEqual(['remittance-unknown-invoice']);
  });

  test('that names an order nobody asked money for stays unapplied, and finance hears of it', async () => {
    const { orderId, otherId } = await waiting();
    await remit('T1', '90', 'RMR*PO*PRE-2**90');
    await recheckCredit(door.db, 'CA-ACME', NOW);
    expect(await states(orderId, otherId)).toEqual(['held', 'held']);
    expect(await entries()).toEqual(['unapplied 9000']);
    expect(await door.exceptions()).toEqual(['remittance-unknown-invoice']);
  });
});

describe('a remittance', () => {
  test('pays its invoices with their discount, lowers the exposure and has credit-held orders looked at again', async () => {
    await billed('I1', 100_000);
    await billed('I2', 11_000);
    const held = await door.db.transaction((tx) =>
      placeOrder(tx, purchaseOrder([line('BOLT', '100', '9.00')]), NOW),
    );
    if (held.kind !== 'placed') throw new Error('not placed');
    expect(await door.db('hold').where({ order_id: held.orderId }).pluck('type')).toContain('credit');
    const before = await exposure();
    await remit('T1', '1088', 'RMR*IV*I1**980*1000*20', 'RMR*IV*I2**108*110*2');
    expect(await invoices()).toEqual({ I1: [98_000, 2000], I2: [10_800, 200] });
    expect(await exposure()).toBe(before - 111_000);
    const wakes = await door
      .db('graphile_worker.jobs' as never)
      .where('key', 'recheck-credit/CA-ACME')
      .select('key');
    expect(wakes).toHaveLength(1);
    const order = (await door.db('invoice').where({ invoice_number: 'I1' }).first('order_id')) as {
      order_id: string;
    };
    expect(
      await door.db('order_event').where({ order_id: order.order_id, kind: 'paid' }).pluck('text'),
    ).toEqual(['The customer paid 980.00 USD and took 20.00 of discount on invoice I1']);
    expect(await door.exceptions()).toEqual([]);
    expect(await cashDifferences()).toEqual([]);
  });

  test('that comes twice pays once; the same number with other content is somebody’s to settle', async () => {
    await billed('I1', 100_000);
    await remit('T1', '400', 'RMR*IV*I1*PP*400');
    await remit('T1', '400', 'RMR*IV*I1*PP*400');
    // NM1 has no field: it makes no other payment of it.
    await remit('T1', '400', 'NM1*AP*2*TREASURY', 'RMR*IV*I1*PP*400');
    expect(await invoices()).toEqual({ I1: [40_000, 0] });
    await remit('T1', '500', 'RMR*IV*I1*PP*500');
    expect(await invoices()).toEqual({ I1: [40_000, 0] });
    expect(await door.exceptions()).toEqual(['remittance-not-applied']);
    expect(await door.db('received_content').orderBy('id').pluck('state')).toEqual([
      'done',
      'kept',
      'kept',
      'set-aside',
    ]);
  });

  test('too much, an unknown invoice and a deduction: all of the money is accounted for, and finance sees each', async () => {
    await billed('I1', 100_000);
    await remit('T1', '1125', 'ADX*-25*50', 'RMR*IV*I1**1100', 'RMR*IV*NOBODYS**50');
    expect(await entries()).toEqual([
      'payment 100000',
      'unapplied 10000',
      'unapplied 5000',
      'deduction -2500',
    ]);
    expect((await door.exceptions()).toSorted()).toEqual([
      'remittance-deduction',
      'remittance-overpaid',
      'remittance-unknown-invoice',
    ]);
    expect(await door.db('exception').distinct().pluck('owner_role')).toEqual(['finance']);
    expect(await cashDifferences()).toEqual([]);
  });

  test('is not applied where it lists more than it pays, pays in another currency or is another customer’s', async () => {
    await billed('I1', 100_000);
    await remit('T1', '100', 'RMR*IV*I1**200');
    await pay('ACME-EDI', 'T2', '100', 'CUR*BY*EUR', 'ENT*1', 'RMR*IV*I1**100');
    await setUpPartner(door.db, { partnerId: 'OTHER' });
    await pay('OTHER', 'T3', '100', 'ENT*1', 'RMR*IV*I1**100');
    expect(await invoices()).toEqual({ I1: [0, 0] });
    expect((await door.exceptions()).toSorted()).toEqual([
      'remittance-not-applied',
      'remittance-not-applied',
      'remittance-unknown-invoice',
    ]);
    expect(await door.db('cash_entry').pluck('credit_account_id')).toEqual(['HUBCO-1']);
  });

  test('that announces money for a later day lowers the exposure on that day, of what the ERP knows and what it does not', async () => {
    await billed('I1', 100_000);
    await billed('I2', 50_000);
    await door.db('invoice').where({ invoice_number: 'I2' }).update({ posted_at: '2026-03-02T13:00:00Z' });
    await door
      .db('receivables_snapshot')
      .update({ open_items: JSON.stringify([{ invoiceNumber: 'I2', openMinor: 50_000 }]) });
    const before = await exposure();
    await remit('T1', '1500', 'RMR*IV*I1**1000', 'RMR*IV*I2**500');
    await door.db('cash_entry').update({ effective_on: '2999-01-01' });
    expect(await exposure()).toBe(before);
    await door.db('cash_entry').update({ effective_on: '2026-03-02' });
    expect(await exposure()).toBe(before - 150_000);
    // The ERP has booked it, and its next snapshot says so: it is not taken off twice.
    await door.db('cash_entry').update({ booked_at: '2026-03-02T15:00:00Z' });
    await door.db('receivables_snapshot').update({ as_of: '2026-03-02T16:00:00Z', open_items: '[]' });
    await door.db('invoice').update({ posted_at: '2026-03-02T13:00:00Z' });
    expect(await exposure()).toBe(before - 150_000);
  });

  test('of thousands of items is applied at once, and of a flood of trouble somebody sees the first and how many', async () => {
    await billed('I1', 100_000);
    const items = Array.from({ length: 3000 }, (_, at) => `RMR*IV*X${at}**1`);
    await remit('T1', '3001', 'RMR*IV*I1*PP*1', ...items);
    expect(await invoices()).toEqual({ I1: [100, 0] });
    expect(await door.db('cash_entry').sum('amount_minor as sum').first()).toEqual({ sum: '300100' });
    const texts = await door.db('exception').orderBy('opened_at').pluck('text');
    expect(texts).toHaveLength(51);
    expect(texts.filter((text: string) => text.includes('2950 more of its items need a look'))).toHaveLength(
      1,
    );
    expect(await cashDifferences()).toEqual([]);
  });

  test('takes a credit of ours with it, and the credit is settled', async () => {
    await billed('I1', 100_000);
    const { id: invoiceId } = (await door.db('invoice').first('id')) as { id: string };
    const memo = await door.db.transaction((tx) =>
      issueCreditMemo(tx, { invoiceId, amountMinor: 4000, reason: '04', person: 'fay' }, NOW),
    );
    if (memo.kind !== 'issued') throw new Error('not issued');
    await remit('T1', '960', 'RMR*IV*I1**1000', `RMR*CM*${memo.number}**-40`);
    expect(await entries()).toEqual(['payment 100000', 'deduction -4000']);
    expect(await door.db('invoice_adjustment').pluck('status')).toEqual(['settled']);
    expect(await door.exceptions()).toEqual([]);
    expect(await cashDifferences()).toEqual([]);
  });

  test('and the ERP tell of the same money: whichever comes first, it counts once', async () => {
    await billed('I1', 100_000);
    await billed('I2', 50_000);
    const erp = (eventId: string, invoiceNumber: string, amountMinor: number, discountMinor = 0) =>
      door.db.transaction((tx) =>
        receiveCallback(
          tx,
          {
            counterparty: 'erp',
            eventId,
            kind: 'payment.received',
            body: { creditAccountId: 'CA-ACME', invoiceNumber, amountMinor, discountMinor, currency: 'USD' },
          },
          NOW,
        ),
      );
    await remit('T1', '980', 'RMR*IV*I1**980*1000*20');
    await erp('e1', 'I1', 98_000, 2000);
    await erp('e2', 'I2', 30_000);
    await remit('T2', '500', 'RMR*IV*I2*PP*300', 'RMR*IV*I2**200');
    expect(await invoices()).toEqual({ I1: [98_000, 2000], I2: [50_000, 0] });
    expect(await door.exceptions()).toEqual([]);
    expect(await cashDifferences()).toEqual([]);
  });

  test('in another currency than the invoice is money on nothing: the exposure stays, and finance is told', async () => {
    await billed('I1', 100_000);
    const outcome = await door.db.transaction((tx) =>
      receiveCallback(
        tx,
        {
          counterparty: 'erp',
          eventId: 'e-yen',
          kind: 'payment.received',
          body: { creditAccountId: 'CA-ACME', invoiceNumber: 'I1', amountMinor: 100_000, currency: 'JPY' },
        },
        NOW,
      ),
    );
    expect(outcome).toMatchObject({
      kind: 'unknown-subject',
      text: expect.stringContaining('JPY') as string,
    });
    expect(await invoices()).toEqual({ I1: [0, 0] });
    expect(await door.db('exception').where({ kind: 'payment-in-other-currency' })).toHaveLength(1);
  });

  test('races with itself and with another over one invoice: applied once, to the cent, nothing lost', async () => {
    await billed('I1', 100_000);
    const advice = (number: string, amount: string): RemittanceAdvice => {
      const read = readRemittanceAdvice(readFixture('820-two-invoices.edi'));
      if (read.kind !== 'read') throw new Error('unreadable');
      const [entity] = read.document.entities;
      const [item] = entity?.items ?? [];
      return {
        ...read.document,
        amount,
        trace: { type: '1', number },
        entities: [
          {
            adjustments: [],
            items: [
              {
                ...(item as NonNullable<typeof item>),
                reference: { qualifier: 'IV', value: 'I1' },
                paid: amount,
                discount: '0',
              },
            ],
          },
        ],
      };
    };
    const [partnerDocument] = ['00000000-0000-7000-8000-000000000001'];
    const run = (number: string, amount: string) =>
      door.db.transaction((tx) =>
        applyRemittance(
          tx,
          {
            documentId: partnerDocument as string,
            partnerId: 'ACME-EDI',
            usage: 'P',
            set: '820',
            receivedAt: NOW,
            body: { document: advice(number, amount), unhandled: [] },
          },
          NOW,
        ),
      );
    const outcomes = await Promise.all([run('A', '700'), run('A', '700'), run('B', '700'), run('B', '700')]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['done', 'done', 'kept', 'kept']);
    expect(await invoices()).toEqual({ I1: [100_000, 0] });
    expect((await entries()).toSorted()).toEqual(['payment 30000', 'payment 70000', 'unapplied 40000']);
    expect(await cashDifferences()).toEqual([]);
  });

  test('of a real payer is read whole: bank, trace, parties, adjustments and their reasons', () => {
    expect(judged(fixtureBytes('820-two-invoices.edi'))).toEqual({ ack: 'A', findings: [] });
    expect(readRemittanceAdvice(readFixture('820-two-invoices.edi'))).toMatchObject({
      kind: 'read',
      unhandled: [],
      document: {
        amount: '1071.5',
        originatorId: '1330448821',
        trace: { number: '4400012931' },
        entities: [
          {
            adjustments: [
              { amount: '-6.5', reason: '56', remarks: [{ text: 'ADVERTISING ALLOWANCE NOVEMBER' }] },
            ],
            items: [
              { reference: { qualifier: 'IV', value: 'INV100014' }, paid: '980', discount: '20' },
              { adjustments: [{ amount: '-10', reason: '04', references: [{ value: 'CB-9921' }] }] },
            ],
          },
        ],
      },
    });
  });
});
