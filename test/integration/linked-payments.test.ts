import { readExposure } from '../../application/credit/read-exposure';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { resolveHold } from '../../application/hold/resolve-hold';
import {
  findLikelyPayments,
  findUnappliedPayment,
  linkPayments,
} from '../../application/invoicing/link-payments';
import { reconcileRecord } from '../../application/stock/reconcile-record';
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

describe('a payment that a remittance brought first and that is booked by hand under another number', () => {
  const order = async (purchaseOrderNumber = 'PRE-1') =>
    (await placed(door.db, { ...purchaseOrder([line('BOLT', '9', '10.00')]), purchaseOrderNumber })).orderId;
  const book = (orderId: string, more: Partial<Parameters<typeof bookPrepayment>[1]> = {}) => {
    const money = { amountMinor: 9_000, currency: 'USD', reference: 'WIRE 7', paidOn: '2026-11-20' };
    return door.db.transaction((tx) => bookPrepayment(tx, { orderId, ...money, by: 'fiona', ...more }, NOW));
  };
  const unappliedId = async () =>
    String((await door.db('cash_entry').where({ kind: 'unapplied' }).first('id')).id);
  const linkTo = async (orderId: string, entry: string, by = 'fay') => {
    const found = await door.db('cash_entry').where({ order_id: orderId }).first('id');
    const link = { unappliedId: entry, prepaymentId: String(found.id), by, reason: 'the same wire' };
    return door.db.transaction((tx) => linkPayments(tx, link, NOW));
  };
  /** An order of 180.00 without credit, whose money is asked for. */
  const waiting = async () => {
    await door.db('credit_account').where({ id: 'CA-ACME' }).update({ limit_minor: 0 });
    const { orderId } = await placed(door.db, {
      ...purchaseOrder([line('BOLT', '18', '10.00')]),
      purchaseOrderNumber: 'PRE-1',
    });
    const hold = await door.db('hold').where({ order_id: orderId }).first('id');
    const terms = { kind: 'prepayment', expiresAt: '2026-03-09T15:00:00.000Z' } as const;
    const by = { person: 'olga', roles: ['finance'], reason: 'new customer' };
    await door.db.transaction((tx) =>
      resolveHold(tx, { holdId: hold.id, action: 'request-prepayment', terms, ...by }, NOW),
    );
    return orderId;
  };

  test('is proposed to who books it and by the exception; linked, the money counts once', async () => {
    const orderId = await order();
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    const before = await exposure();
    const entry = await unappliedId();
    expect(await book(orderId)).toEqual({
      kind: 'booked',
      mayBe: [{ entryId: entry, trace: 'T9', paidOn: '2026-11-22' }],
    });
    const open = await door.db('exception').where({ status: 'open' }).select('kind', 'text');
    expect(open).toEqual([
      {
        kind: 'remittance-unknown-invoice',
        text: expect.stringMatching(
          /It may be the prepayment WIRE 7 of 90\.00 USD .* for order SO\d+ on 2026-11-20: if it is, link both/,
        ),
      },
    ]);
    // Booked again under one more number: the proposal is written once, with both.
    expect(await book(orderId, { reference: 'WIRE 8', paidOn: '2026-11-21' })).toMatchObject({
      kind: 'booked',
    });
    expect((await door.db('exception').first('text')).text.match(/It may be/g)).toHaveLength(1);
    await door.db('cash_entry').where({ reference: 'WIRE 8' }).delete();
    const outcomes = await Promise.all(['fay', 'fiona'].map((by) => linkTo(orderId, entry, by)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['linked', 'refused']);
    expect(await entries()).toEqual(['prepayment 9000']);
    expect(await door.exceptions()).toEqual([]);
    expect(before - (await exposure())).toBe(9_000);
    expect(await reconcileRecord(door.db)).toEqual([]);
  });

  test('has a new exception where finance had settled the first', async () => {
    const orderId = await order();
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    await door.db('exception').update({ status: 'resolved', resolved_at: NOW, resolved_by: 'fay' });
    await book(orderId);
    await book(orderId);
    expect(await door.db('exception').where({ status: 'open' }).select('kind', 'owner_role', 'data')).toEqual(
      [
        {
          kind: 'payment-booked-by-hand',
          owner_role: 'finance',
          data: { trace: 'T9', amountMinor: 9_000, cashEntryId: await unappliedId() },
        },
      ],
    );
    await linkTo(orderId, await unappliedId());
    expect(await door.exceptions()).toEqual([]);
  });

  test('another amount, or more than ten days apart, is no hint', async () => {
    const orderId = await order();
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    expect(await book(orderId, { amountMinor: 9_001 })).toEqual({ kind: 'booked' });
    expect(await book(orderId, { reference: 'W2', paidOn: '2026-11-11' })).toEqual({ kind: 'booked' });
    expect((await door.db('exception').first('text')).text).not.toContain('It may be');
  });

  test('is refused where the remittance’s money counts for the order already, unless it is said to be another', async () => {
    const orderId = await waiting();
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    expect(await entries()).toEqual(['prepayment 9000']);
    expect(await book(orderId)).toMatchObject({
      kind: 'refused',
      code: 'counts-already',
      text: expect.stringContaining(
        'Payment T9 (820) of 90.00 USD on 2026-11-22 counts for this order already',
      ),
    });
    expect(await entries()).toEqual(['prepayment 9000']);
    expect(await book(orderId, { another: true })).toEqual({ kind: 'booked' });
    expect(await entries()).toEqual(['prepayment 9000', 'prepayment 9000']);
  });

  test('and the other way round the remittance’s money stays unapplied, also where the order still waits for money', async () => {
    const orderId = await waiting();
    await book(orderId);
    await remit('T9', '90', 'RMR*PO*PRE-1**90');
    expect(await entries()).toEqual(['prepayment 9000', 'unapplied 9000']);
    expect((await door.db('exception').first('text')).text).toContain('It may be the prepayment WIRE 7');
  });

  test('at the same moment is found by whichever comes second, never by none', async () => {
    for (let round = 0; round < 6; round += 1) {
      const orderId = await order(`RACE-${round}`);
      const [booked] = await Promise.all([
        book(orderId, { reference: `W${round}`, amountMinor: 7_000 + round }),
        remit(`R${round}`, `70.0${round}`, `RMR*PO*RACE-${round}**70.0${round}`),
      ]);
      const entry = await unappliedId();
      const { text } = await door
        .db('exception')
        .whereRaw(`data ->> 'cashEntryId' = ?`, [entry])
        .first('text');
      expect(booked).toMatchObject({ kind: 'booked' });
      expect(text.match(new RegExp(`It may be the prepayment W${round} `, 'g'))).toHaveLength(1);
      expect(await linkTo(orderId, entry)).toMatchObject({ kind: 'linked' });
      expect(
        await door
          .db('cash_entry')
          .where({ amount_minor: 7_000 + round })
          .pluck('kind'),
      ).toEqual(['prepayment']);
    }
    expect(await reconcileRecord(door.db)).toEqual([]);
  });
});
