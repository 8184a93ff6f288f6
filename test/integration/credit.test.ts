import { readExposure } from '../../application/credit/read-exposure';
import { recheckCredit } from '../../application/credit/recheck-credit';
import { recordReceivables } from '../../application/credit/record-receivables';
import { bookPrepayment } from '../../application/credit/request-prepayment';
import { type CreditAccountChange, saveCreditAccount } from '../../application/credit/save-credit-account';
import { bookPayment } from '../../application/invoicing/book-payment';
import { issueCreditMemo } from '../../application/invoicing/issue-credit-memo';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type CompanyOptions, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { placed, saveRuleNow, seedFamily, stateOf } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { shipOrder } from '../support/ship-order';

let database: TestDatabase;
const db = () => database.db;
async function company(options: CompanyOptions = {}): Promise<void> {
  database = await createTestDatabase({ poolMax: 24 });
  await seedCompany(db(), options);
}
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const bolts = (quantity: number, more: Parameters<typeof purchaseOrder>[1] = {}) =>
  purchaseOrder([line('BOLT', String(quantity), '10.00')], more);
const from = (account: string, quantity: number) =>
  purchaseOrder([line('BOLT', String(quantity), '10.00')], {
    customerId: `C-${account}`,
    channel: 'api',
    partnerId: undefined,
  } as never);
const save = (change: Partial<CreditAccountChange> & { readonly creditAccountId: string }) =>
  db().transaction((tx) =>
    saveCreditAccount(tx, { person: 'fiona', reason: 'reviewed', basedOn: null, ...change }, NOW),
  );
const holdOf = async (orderId: string) =>
  (await db()('hold').where({ order_id: orderId, type: 'credit' }).orderBy('id', 'desc').first()) as {
    id: string;
    status: string;
    resolved_by: string | null;
    reason: { code: string; text: string; details: Record<string, unknown> };
  };
const exposureOf = async (accountId: string) =>
  (await readExposure(db(), accountId, 'P', null, NOW)).chain[0].exposure.totalMinor;
const receivables = (openItems: readonly object[], more: object = {}, accountId = 'CA-ACME') =>
  db().transaction((tx) =>
    recordReceivables(
      tx,
      {
        creditAccountId: accountId,
        asOf: '2026-03-02T14:30:00.000Z',
        currency: 'USD',
        openItems: openItems as never,
        unappliedCashMinor: 0,
        ...more,
      },
      NOW,
    ),
  );

describe('a hierarchy of accounts', () => {
  test('an order has to fit in its own account and in the one above it', async () => {
    await company();
    await seedFamily(db(), { id: 'GROUP', limitMinor: 15_000 }, [
      { id: 'A', limitMinor: 10_000 },
      { id: 'B', limitMinor: 10_000 },
    ]);
    expect((await placed(db(), from('A', 10))).state).toBe('placed');
    const second = await placed(db(), from('B', 6));
    expect(second.state).toBe('held');
    expect((await holdOf(second.orderId)).reason).toMatchObject({
      code: 'over-credit-limit',
      text: expect.stringContaining('GROUP'),
      details: { accountId: 'GROUP', exposureMinor: 10_000, limitMinor: 15_000, overMinor: 1000 },
    });
    expect((await placed(db(), from('B', 5))).state).toBe('placed');
  });

  test('two children never pass on the last credit of their parent, however many try at once', async () => {
    await company();
    await seedFamily(db(), { id: 'GROUP', limitMinor: 10_000 }, [
      { id: 'A', limitMinor: 100_000 },
      { id: 'B', limitMinor: 100_000 },
      { id: 'C', limitMinor: 100_000 },
    ]);
    const results = await Promise.all(
      Array.from({ length: 24 }, (_, i) => placed(db(), from(['A', 'B', 'C'][i % 3] ?? 'A', 3))),
    );
    expect(results.filter(({ state }) => state === 'placed')).toHaveLength(3);
    expect(await exposureOf('GROUP')).toBe(9000);
  }, 60_000);

  test('a circle is refused when it is saved, also when two people close it at once', async () => {
    await company();
    await seedFamily(db(), { id: 'TOP', limitMinor: 1 }, [
      { id: 'A', limitMinor: 1 },
      { id: 'B', limitMinor: 1 },
    ]);
    expect(await save({ creditAccountId: 'TOP', parentId: 'A' })).toMatchObject({
      code: 'circular-hierarchy',
      text: expect.stringContaining('TOP > A'),
    });
    expect(await save({ creditAccountId: 'A', parentId: 'A' })).toMatchObject({ code: 'circular-hierarchy' });
    const both = await Promise.all([
      save({ creditAccountId: 'A', parentId: 'B' }),
      save({ creditAccountId: 'B', parentId: 'A' }),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['refused', 'saved']);
  });

  test('an account that moves takes those under it along, while orders come in', async () => {
    await company();
    await seedFamily(db(), { id: 'TOP', limitMinor: 1_000_000 }, [{ id: 'MID', limitMinor: 1_000_000 }]);
    await seedFamily(db(), { id: 'LOW-TOP', limitMinor: 1_000_000 }, [{ id: 'LOW', limitMinor: 1_000_000 }]);
    await save({ creditAccountId: 'LOW', parentId: 'MID' });
    expect((await readExposure(db(), 'LOW', 'P', null, NOW)).chain.map(({ id }) => id)).toEqual([
      'LOW',
      'MID',
      'TOP',
    ]);
    const orders = Array.from({ length: 12 }, () => placed(db(), from('LOW', 1)));
    const moves = [
      save({ creditAccountId: 'MID', parentId: null }),
      save({ creditAccountId: 'MID', parentId: 'LOW-TOP' }),
    ];
    const [states] = await Promise.all([Promise.all(orders), Promise.all(moves)]);
    expect(states.every(({ state }) => state === 'placed')).toBe(true);
    await save({ creditAccountId: 'MID', parentId: 'TOP' });
    expect(await exposureOf('TOP')).toBe(12_000);
  }, 60_000);
});

describe('currency', () => {
  test('a child in euros counts against its parent in dollars at the stated rate, which the decision keeps', async () => {
    await company();
    await seedFamily(db(), { id: 'GROUP', limitMinor: 10_834 }, [
      { id: 'EU', limitMinor: 100_000, currency: 'EUR' },
    ]);
    const held = await placed(db(), from('EU', 10));
    expect((await holdOf(held.orderId)).reason).toMatchObject({
      code: 'no-exchange-rate',
      text: expect.stringContaining('EUR-USD'),
    });
    await saveRuleNow(db(), 'exchange-rate', 'EUR-USD', {
      rate: '1.0834',
      source: 'ECB',
      validFrom: '2026-03-01',
      validTo: '2026-03-31',
    });
    await recheckCredit(db(), 'EU', NOW);
    expect(await stateOf(db(), held.orderId)).toBe('placed');
    expect(await exposureOf('GROUP')).toBe(10_834);
    const decision = (await db()('decision')
      .where({ order_id: held.orderId, kind: 'credit' })
      .orderBy('id', 'desc')
      .first('inputs')) as { inputs: { rates: unknown } };
    expect(decision.inputs.rates).toMatchObject([{ from: 'EUR', to: 'USD', rate: '1.0834', version: 1 }]);
    expect((await placed(db(), from('EU', 1))).state).toBe('held');
  });
});

describe('a limit with a validity', () => {
  test('a limit that has run out holds every order until somebody renews it; who did so and why is kept', async () => {
    await company();
    await save({ creditAccountId: 'CA-ACME', limitValidTo: '2026-03-01' });
    const held = await placed(db(), bolts(1));
    expect((await holdOf(held.orderId)).reason.code).toBe('limit-not-in-force');
    await save({ creditAccountId: 'CA-ACME', limitValidTo: '2026-12-31', reason: 'balance sheet reviewed' });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([held.orderId]);
    const changes = await db()('credit_account_change')
      .orderBy('id')
      .select('person', 'reason', 'before', 'after');
    expect(changes.at(-1)).toEqual({
      person: 'fiona',
      reason: 'balance sheet reviewed',
      before: { limit_valid_to: '2026-03-01' },
      after: { limit_valid_to: '2026-12-31' },
    });
  });

  test('somebody else’s change meanwhile is told, not overwritten', async () => {
    await company();
    expect(await save({ creditAccountId: 'CA-ACME', limitMinor: 1, basedOn: 1 })).toMatchObject({
      version: 2,
    });
    expect(await save({ creditAccountId: 'CA-ACME', limitMinor: 2, basedOn: 1 })).toMatchObject({
      code: 'changed-meanwhile',
    });
  });
});

describe('past-due invoices', () => {
  const late = { invoiceNumber: 'OLD-1', openMinor: 20_000, dueDate: '2026-01-10', disputed: false };

  test('hold an order and are named; a dispute takes the invoice out of it until it is closed', async () => {
    await company();
    await saveRuleNow(db(), 'credit-ageing', '*', { graceDays: 10, floorMinor: 5000 });
    await receivables([late]);
    const held = await placed(db(), bolts(1));
    expect((await holdOf(held.orderId)).reason).toMatchObject({
      code: 'past-due',
      text: expect.stringContaining('OLD-1 (51 days)'),
      details: { pastDue: { amountMinor: 20_000, items: [{ number: 'OLD-1' }] } },
    });
    await db()('invoice_dispute').insert({
      credit_account_id: 'CA-ACME',
      invoice_number: 'OLD-1',
      reason_code: 'price',
      reason: 'wrong price',
      amount_minor: 20_000,
      until: '2026-03-02',
      opened_by: 'fiona',
      opened_at: NOW,
    });
    await recheckCredit(db(), 'CA-ACME', NOW);
    expect(await stateOf(db(), held.orderId)).toBe('placed');
    expect(await exposureOf('CA-ACME')).toBe(21_000);
    await db()('invoice_dispute').update({ closed_at: NOW, closed_by: 'fiona', closing_reason: 'settled' });
    expect((await placed(db(), bolts(1))).state).toBe('held');
  });

  test('the rule of the account decides before that of its risk class, and that before the rule for all', async () => {
    await company();
    await db()('credit_account').update({ risk_class: 'C' });
    await saveRuleNow(db(), 'credit-ageing', '*', { graceDays: 0, floorMinor: 0 });
    await saveRuleNow(db(), 'credit-ageing', 'risk:C', { graceDays: 0, floorMinor: 50_000 });
    await receivables([late]);
    expect((await placed(db(), bolts(1))).state).toBe('placed');
    await saveRuleNow(db(), 'credit-ageing', 'account:CA-ACME', { graceDays: 0, floorMinor: 0 });
    expect((await placed(db(), bolts(1))).state).toBe('held');
  });
});

/** An order of bolts that was shipped and billed, its invoice posted before the snapshots of the tests. */
async function billed(quantity: number): Promise<{ readonly id: string; readonly number: string }> {
  const { orderId } = await placed(db(), bolts(quantity));
  return shipped(orderId);
}
async function shipped(orderId: string): Promise<{ readonly id: string; readonly number: string }> {
  await db()('orders').where({ id: orderId }).update({ final_answer_at: NOW, state: 'confirmed' });
  await shipOrder(db(), orderId);
  await db()('invoice').where({ order_id: orderId }).update({ posted_at: '2026-03-02T14:10:00Z' });
  return db()('invoice').where({ order_id: orderId }).first('id', 'invoice_number as number');
}
const grant = async (invoiceId: string, amountMinor: number, at: string) => {
  await db().transaction((tx) =>
    issueCreditMemo(tx, { invoiceId, amountMinor, reason: '01', person: 'fiona' }, at),
  );
};

describe('money paid in advance', () => {
  const pay = (orderId: string, amountMinor: number, at: string) =>
    db().transaction((tx) =>
      bookPrepayment(
        tx,
        { orderId, amountMinor, currency: 'USD', reference: 'WIRE 1', paidOn: '2026-03-02', by: 'fiona' },
        at,
      ),
    );

  test('counts once from the payment to the invoice that the ERP has closed with it', async () => {
    await company();
    const { orderId } = await placed(db(), bolts(10));
    await pay(orderId, 6000, '2026-03-02T14:05:00Z');
    expect(await exposureOf('CA-ACME')).toBe(4000);
    await receivables([], { unappliedCashMinor: 6000 });
    expect(await exposureOf('CA-ACME')).toBe(4000);
    const invoice = await shipped(orderId);
    const item = { invoiceNumber: invoice.number, dueDate: '2026-04-01', disputed: false };
    await receivables([{ ...item, openMinor: 10_000 }], { unappliedCashMinor: 6000 });
    expect(await exposureOf('CA-ACME')).toBe(4000);
    await receivables([{ ...item, openMinor: 4000 }]);
    expect(await exposureOf('CA-ACME')).toBe(4000);
    await receivables([]);
    expect(await exposureOf('CA-ACME')).toBe(0);
  });

  test('of an order that waits lets no other order pass, also once it is the ERP’s unapplied cash', async () => {
    await company({ limitMinor: 1000 });
    const first = await placed(db(), bolts(10));
    await pay(first.orderId, 5000, '2026-03-02T14:05:00Z');
    await receivables([], { unappliedCashMinor: 5000 });
    expect((await placed(db(), bolts(2))).state).toBe('held');
    expect((await placed(db(), bolts(1))).state).toBe('placed');
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toEqual([]);
    expect(await stateOf(db(), first.orderId)).toBe('held');
    await db()('credit_account').update({ limit_minor: 6000 });
    expect(await recheckCredit(db(), 'CA-ACME', NOW)).toContain(first.orderId);
    expect(await exposureOf('CA-ACME')).toBe(6000);
  });
});

describe('a credit memo', () => {
  test('lowers the exposure once: by itself at first, then with the ERP’s figures', async () => {
    await company();
    const { orderId } = await placed(db(), bolts(10));
    await db().transaction((tx) =>
      tx('orders').where({ id: orderId }).update({ final_answer_at: NOW, state: 'confirmed' }),
    );
    await shipOrder(db(), orderId);
    const invoice = (await db()('invoice').first('id', 'invoice_number')) as {
      id: string;
      invoice_number: string;
    };
    await db()('invoice').update({ posted_at: '2026-03-02T14:10:00Z' });
    expect(await exposureOf('CA-ACME')).toBe(10_000);
    const memo = await db().transaction((tx) =>
      issueCreditMemo(tx, { invoiceId: invoice.id, amountMinor: 3000, reason: '01', person: 'fiona' }, NOW),
    );
    expect(await exposureOf('CA-ACME')).toBe(7000);
    const item = { invoiceNumber: invoice.invoice_number, dueDate: '2026-04-01', disputed: false };
    await receivables([{ ...item, openMinor: 10_000 }]);
    expect(await exposureOf('CA-ACME')).toBe(7000);
    const number = memo.kind === 'issued' ? memo.number : '';
    await receivables([
      { ...item, openMinor: 10_000 },
      { ...item, invoiceNumber: number, openMinor: -3000 },
    ]);
    expect(await exposureOf('CA-ACME')).toBe(7000);
    await receivables([{ ...item, openMinor: 7000 }], { asOf: '2026-03-02T14:45:00.000Z' });
    expect(await exposureOf('CA-ACME')).toBe(7000);
  });

  test('that the ERP books by lowering its invoice counts once, and a payment of that invoice besides', async () => {
    await company();
    const invoice = await billed(10);
    await grant(invoice.id, 3000, '2026-03-02T14:20:00Z');
    const item = { invoiceNumber: invoice.number, dueDate: '2026-04-01', disputed: false };
    await receivables([{ ...item, openMinor: 10_000 }]);
    expect(await exposureOf('CA-ACME')).toBe(7000);
    await receivables([{ ...item, openMinor: 7000 }]);
    expect(await exposureOf('CA-ACME')).toBe(7000);
    await db().transaction((tx) =>
      bookPayment(
        tx,
        {
          creditAccountId: 'CA-ACME',
          invoiceNumber: invoice.number,
          amountMinor: 2000,
          discountMinor: 0,
          currency: 'USD',
          bookedAt: '2026-03-02T14:40:00.000Z',
        },
        NOW,
      ),
    );
    await receivables([{ ...item, openMinor: 5000 }], { asOf: '2026-03-02T14:45:00.000Z' });
    expect(await exposureOf('CA-ACME')).toBe(5000);
  });
});

describe('an automatic release', () => {
  test('leaves the record of a person’s release and stops where the account would go too far over', async () => {
    await company({ limitMinor: 10_000 });
    await db()('credit_account').update({ risk_class: 'A' });
    await saveRuleNow(db(), 'credit-release', 'risk:A', {
      orderUpToMinor: 2000,
      overLimitUpToPercent: 20,
      pastDueUpToMinor: 0,
    });
    expect((await placed(db(), bolts(10))).state).toBe('placed');
    const over = await placed(db(), bolts(1));
    expect(over.state).toBe('placed');
    const hold = await holdOf(over.orderId);
    expect(hold).toMatchObject({ status: 'released', resolved_by: 'hub' });
    expect((await db()('credit_case').where({ hold_id: hold.id }).first()) as unknown).toMatchObject({
      decision_code: 'automatic',
      outcome: { action: 'release', rule: 'credit-release:risk:A', ruleVersion: 1 },
      decided: { decision: { overMinor: 1000 } },
    });
    expect(
      (await db()('decision').where({ order_id: over.orderId, kind: 'approval' }).first()) as unknown,
    ).toMatchObject({
      rule: 'credit-release:risk:A',
      rule_version: '1',
      decided_by: 'hub',
    });
    expect((await placed(db(), bolts(1))).state).toBe('placed');
    expect((await placed(db(), bolts(1))).state).toBe('held');
  });
});

describe('credit that comes free', () => {
  test('goes to held orders by priority class, requested day and age, as far as it reaches, and once', async () => {
    await company({ limitMinor: 0 });
    await seedFamily(db(), { id: 'GROUP', limitMinor: 0 }, [
      { id: 'A', limitMinor: 100_000 },
      { id: 'B', limitMinor: 100_000, policy: { backorderPriority: 1 } },
    ]);
    const request = (account: string, quantity: number, day: string) => ({
      ...from(account, quantity),
      dates: [{ qualifier: '002', date: day }],
    });
    const late = await placed(db(), request('A', 4, '2026-05-01'));
    const soon = await placed(db(), request('A', 4, '2026-04-01'));
    const large = await placed(db(), request('A', 9, '2026-03-20'));
    const first = await placed(db(), request('B', 4, '2026-06-01'));
    await save({ creditAccountId: 'GROUP', limitMinor: 10_000 });
    expect(await recheckCredit(db(), 'B', NOW)).toEqual([first.orderId, soon.orderId]);
    expect(await recheckCredit(db(), 'GROUP', NOW)).toEqual([]);
    expect(await stateOf(db(), large.orderId)).toBe('held');
    expect(await stateOf(db(), late.orderId)).toBe('held');
    expect(await exposureOf('GROUP')).toBe(8000);
  });

  test('is never given twice: a payment’s re-check against new orders, and two re-checks at once', async () => {
    await company({ limitMinor: 0 });
    const waiting = [];
    for (let i = 0; i < 6; i++) waiting.push(await placed(db(), bolts(3)));
    await db()('credit_account').where({ id: 'CA-ACME' }).update({ limit_minor: 10_000 });
    const [, , orders] = await Promise.all([
      recheckCredit(db(), 'CA-ACME', NOW),
      recheckCredit(db(), 'CA-ACME', NOW),
      Promise.all(Array.from({ length: 8 }, () => placed(db(), bolts(2)))),
    ]);
    const exposure = await exposureOf('CA-ACME');
    expect(exposure).toBeLessThanOrEqual(10_000);
    // What is left is less than the smallest that waits.
    expect(10_000 - exposure).toBeLessThan(3000);
    const through = await Promise.all([...waiting, ...orders].map(({ orderId }) => stateOf(db(), orderId)));
    expect(through.filter((state) => state === 'placed').length).toBeGreaterThan(0);
    const twice = await db()('order_event')
      .where({ kind: 'hold-superseded' })
      .groupBy('order_id')
      .havingRaw('count(*) > 1')
      .select('order_id');
    expect(twice).toEqual([]);
  }, 60_000);
});
