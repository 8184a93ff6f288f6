import { findLikelyPayments, findUnappliedPayment, linkPayments } from '../../application/link-payments';
import { readExposure } from '../../application/read-exposure';
import { reconcileRecord } from '../../application/reconcile-record';
import { bookPrepayment } from '../../application/request-prepayment';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed } from '../support/credit';
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

const { remit } = remittances(() => door);

const entries = async () =>
  (
    (await door.db('cash_entry').orderBy('id').select('kind', 'amount_minor')) as {
      kind: string;
      amount_minor: number;
    }[]
  ).map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);
const exposure = async () =>
  (await readExposure(door.db, 'CA-ACME', 'P', null, new Date().toISOString())).chain[0].exposure.totalMinor;

describe('a prepayment that was booked by hand and comes again in a remittance under another number', () => {
  const day = '2026-11-20';
  async function bookedByHand(
    purchaseOrderNumber: string,
    amountMinor = 9_000,
    paidOn = day,
    reference = 'WIRE 7',
  ) {
    const { orderId } = await placed(door.db, {
      ...purchaseOrder([line('BOLT', '9', '10.00')]),
      purchaseOrderNumber,
    });
    const payment = { orderId, amountMinor, currency: 'USD', reference, paidOn, by: 'fiona' };
    await door.db.transaction((tx) => bookPrepayment(tx, payment, NOW));
    return orderId;
  }
  const unapplied = async () =>
    String((await door.db('cash_entry').where({ kind: 'unapplied' }).first('id')).id);
  const likely = async () => {
    const payment = await findUnappliedPayment(door.db, await unapplied());
    return payment ? findLikelyPayments(door.db, payment) : [];
  };
  const link = (unappliedId: string, prepaymentId: string, by: string) =>
    door.db.transaction((tx) =>
      linkPayments(tx, { unappliedId, prepaymentId, by, reason: 'the same wire, by its bank' }, NOW),
    );

  test('is proposed by the exception, and two who link it at the same time make one payment of both', async () => {
    const orderId = await bookedByHand('PRE-1');
    const before = await exposure();
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    expect(await entries()).toEqual(['prepayment 9000', 'unapplied 9000']);
    const raised = await door.db('exception').first('text', 'status');
    expect(raised.text).toMatch(
      /It may be the prepayment WIRE 7 of 90\.00 USD .* for order SO\d+ on 2026-11-20/,
    );
    const [match] = await likely();
    expect(match).toMatchObject({ orderId, reference: 'WIRE 7', days: 2 });
    const entry = await unapplied();
    const outcomes = await Promise.all(['fay', 'fiona'].map((by) => link(entry, match?.id ?? '', by)));
    expect(outcomes.filter(({ kind }) => kind === 'linked')).toEqual([{ kind: 'linked', orderId }]);
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toMatchObject([
      {
        code: 'already-linked',
        text: expect.stringMatching(/^(fay|fiona) has linked this payment already$/),
      },
    ]);
    expect(await entries()).toEqual(['prepayment 9000']);
    expect(await door.exceptions()).toEqual([]);
    expect(await exposure()).toBe(before);
    expect(await reconcileRecord(door.db)).toEqual([]);
    // The same remittance again, and the same booking by hand, are known.
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    const again = {
      orderId,
      amountMinor: 9_000,
      currency: 'USD',
      reference: 'WIRE 7',
      paidOn: day,
      by: 'fay',
    };
    expect(await door.db.transaction((tx) => bookPrepayment(tx, again, NOW))).toEqual({ kind: 'known' });
    expect(await entries()).toEqual(['prepayment 9000']);
  });

  test('two payments for one prepayment: one is linked, the other stays for finance', async () => {
    await bookedByHand('PRE-1');
    await remit('T1', '90', 'RMR*PO*PRE-1**90');
    await remit('T2', '90', 'RMR*PO*PRE-1**90');
    const [first, second] = (await door
      .db('cash_entry')
      .where({ kind: 'unapplied' })
      .orderBy('id')
      .pluck('id')) as number[];
    const [match] = await likely();
    const outcomes = await Promise.all(
      [first, second].map((entry) => link(String(entry), match?.id ?? '', 'fiona')),
    );
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['linked', 'refused']);
    expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({ code: 'already-linked' });
    expect(await entries()).toEqual(['prepayment 9000', 'unapplied 9000']);
    expect(await reconcileRecord(door.db)).toEqual([]);
  });

  test('only the same account and amount within ten days is likely; the order that the payer names comes first', async () => {
    await bookedByHand('OTHER-AMOUNT', 9_001);
    await bookedByHand('LONG-AGO', 9_000, '2026-11-11');
    await bookedByHand('SAME-DAY', 9_000, '2026-11-22', 'WIRE 8');
    const named = await bookedByHand('PRE-1', 9_000, '2026-11-12', 'WIRE 9');
    await remit('T1', '90', 'RMR*PO*PRE-1**90');
    const found = await likely();
    expect(found.map(({ reference, days }) => [reference, days])).toEqual([
      ['WIRE 9', 10],
      ['WIRE 8', 0],
    ]);
    expect(found[0]?.orderId).toBe(named);
    const other = String((await door.db('cash_entry').where({ amount_minor: 9_001 }).first('id')).id);
    expect(await link(await unapplied(), other, 'fiona')).toMatchObject({ code: 'not-alike' });
    expect(await link('999999', other, 'fiona')).toMatchObject({ code: 'unknown' });
  });
});
