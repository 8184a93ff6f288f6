import { issueCreditMemo } from '../../application/invoicing/issue-credit-memo';
import { readLines } from '../../application/order/order-record';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  expect(await partialBundles()).toEqual([]);
  await desk.close();
});

/** Components of one bundle of which different numbers of bundles are reserved, at any node. */
async function partialBundles() {
  const { rows } = await desk.db.raw(`
    select l.order_id, l.supply ->> 'key' as key, n.id as node, array_agg(coalesce(r.quantity, 0)::numeric / l.unit_factor) as bundles
    from order_line l cross join node n
    left join lateral (select sum(quantity) as quantity from reservation r
      where r.order_line_id = l.id and r.node_id = n.id and r.status = 'active' and r.shipment_id is null) r on true
    where l.supply ->> 'kind' = 'component' and l.supply ->> 'apart' = 'false'
    group by 1, 2, 3 having count(distinct coalesce(r.quantity, 0)::numeric / l.unit_factor) > 1`);
  return rows;
}

const rule = (kind: string, scope: string, body: unknown, version = 1) =>
  desk.db('rule').insert({ kind, scope, version, body: JSON.stringify(body), valid_from: '2026-01-01' });
const agree = (body: unknown) => rule('supply-agreement', 'customer/ACME', body);

const order = (po: string, ...lines: readonly string[]) => [
  `BEG*00*SA*${po}**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  ...lines,
  `CTT*${lines.length}`,
];
const linesOf = async (po: string) => {
  const { id } = await desk.order(po);
  return (await readLines(desk.db, id)).map((line) => ({
    line: line.line_number,
    item: line.item_id,
    ordered: line.ordered,
    reserved: line.reserved,
    amount: line.amount_minor,
  }));
};
const only = (segments: readonly string[] | undefined, pattern: RegExp) =>
  segments?.filter((segment) => pattern.test(segment));
const items = (...ids: readonly string[]) =>
  desk
    .db('item')
    .insert(
      ids.map((id) => ({ id, description: id, base_unit: 'EA', weight_grams: 100, units_per_carton: 10 })),
    );
const price = (item: string, unitPrice: string) =>
  desk.db('price').insert({ price_list_id: 'LIST', item_id: item, unit: 'EA', unit_price: unitPrice });
const stock = (item: string, nodes: Readonly<Record<string, number>>) =>
  desk
    .db('stock')
    .insert(
      Object.entries(nodes).map(([node, quantity]) => ({ item_id: item, node_id: node, on_hand: quantity })),
    );
const reserved = async () => {
  const rows = await desk.db('stock').where('reserved', '>', 0).orderBy(['item_id', 'node_id']);
  return rows.map((row) => `${row.item_id} ${row.node_id} ${row.reserved}`);
};

describe('a bundle', () => {
  /** One drill and ten bits a set; the drill is worth four fifths of it. */
  const begin = async (
    nodes: Readonly<Record<string, Readonly<Record<string, number>>>>,
    agreed: unknown = { bundles: { of: 'all' } },
  ) => {
    desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 100 } } });
    await items('SET', 'DRILL', 'BIT', 'KIT', 'CASE');
    await price('SET', '49.99');
    await price('KIT', '20.00');
    for (const [item, at] of Object.entries(nodes)) await stock(item, at);
    await rule('bundle', 'SET', {
      components: [
        { item: 'DRILL', quantity: 1, share: 80 },
        { item: 'BIT', quantity: 10, share: 20 },
      ],
    });
    if (agreed !== null) await agree(agreed);
  };

  test('is answered as it was ordered, supplied as its components, announced as agreed and billed as the bundle', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 100 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    expect(await desk.holds('B1')).toEqual([]);
    expect(await linesOf('B1')).toEqual([
      { line: 1, item: 'DRILL', ordered: 3, reserved: 3, amount: 11_998 },
      { line: 2, item: 'BIT', ordered: 30, reserved: 30, amount: 2_999 },
    ]);
    expect(Number((await desk.order('B1')).total_minor)).toBe(14_997);
    await desk.answer('B1');
    expect(only((await desk.sent('855'))[0], /^(PO1|ACK|CTT)/)).toEqual([
      'PO1*1*3*EA*49.99**VP*SET',
      'ACK*IA*3*EA',
      'CTT*1',
    ]);
    await desk.ship('B1');
    // Drills and bits came in cartons of their own: the notice says what is in each.
    expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual([
      'LIN*1*VP*DRILL',
      'SN1*1*3*EA**3*EA',
      'LIN*1*VP*BIT',
      'SN1*1*30*EA**30*EA',
    ]);
    expect(only((await desk.sent('810'))[0], /^(IT1|TDS|CTT)/)).toEqual([
      'IT1*1*3*EA*49.99**VP*SET',
      'TDS*14997',
      'CTT*1',
    ]);
    const { state } = await desk.order('B1');
    expect(state).toBe('completed');
    const { lines } = await desk.db('invoice').first('lines');
    expect(lines[0].components).toEqual([
      { itemId: 'DRILL', baseUnits: 3, amountMinor: 11_998 },
      { itemId: 'BIT', baseUnits: 30, amountMinor: 2_999 },
    ]);
  });

  test('is available as often as its scarcest component is, whole and at one node', async () => {
    // One drill too few at CENTRAL, bits for two sets only at EAST: four whole sets are there.
    await begin({ DRILL: { CENTRAL: 2, EAST: 5 }, BIT: { CENTRAL: 100, EAST: 29 } });
    await desk.send('PO', order('B1', 'PO1*1*6*EA***VP*SET'));
    expect(await reserved()).toEqual(['BIT CENTRAL 20', 'BIT EAST 20', 'DRILL CENTRAL 2', 'DRILL EAST 2']);
    await desk.answer('B1');
    expect(only((await desk.sent('855'))[0], /^ACK/)).toEqual(['ACK*IA*4*EA', 'ACK*IB*2*EA']);
  });

  test('whose components share a carton is announced as itself', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 100 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    await desk.answer('B1');
    await desk.ship('B1', null, { oneCarton: true });
    expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual(['LIN*1*VP*SET', 'SN1*1*3*EA**3*EA']);
  });

  test('that is picked short is billed in whole bundles, and completed before others are begun', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 30, EAST: 7 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    await desk.answer('B1');
    // Three drills leave with bits for two sets and a half.
    await desk.ship('B1', null, { shipped: (item, quantity) => (item === 'BIT' ? 20 : quantity) });
    expect(only((await desk.sent('810'))[0], /^(IT1|TDS)/)).toEqual(['IT1*1*2*EA*49.99**VP*SET', 'TDS*9998']);
    await desk.db('stock').where({ item_id: 'BIT', node_id: 'EAST' }).update({ on_hand: 40 });
    await desk.ship('B1');
    const invoices = await desk.sent('810');
    expect(only(invoices[1], /^(IT1|TDS)/)).toEqual(['IT1*1*1*EA*49.99**VP*SET', 'TDS*4999']);
    const { state, total_minor, invoiced_minor } = await desk.order('B1');
    expect([state, Number(total_minor), Number(invoiced_minor)]).toEqual(['completed', 14_997, 14_997]);
  });

  test('of which a component comes back is credited by what of the price was for it; all of them come to the invoice', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 100 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    await desk.answer('B1');
    await desk.ship('B1');
    const { id: invoiceId } = await desk.db('invoice').first('id');
    const credit = (itemId: string, baseUnits: number) =>
      desk.db.transaction((tx) =>
        issueCreditMemo(tx, { invoiceId, items: [{ itemId, baseUnits }], reason: '04', person: 'fay' }, NOW),
      );
    expect(await credit('BIT', 7)).toMatchObject({ kind: 'issued', amountMinor: 700 });
    expect((await desk.sent('812')).map((one) => only(one, /^(BCD|CDD|LIN)/))).toEqual([
      [expect.stringMatching(/^BCD\*.*\*700\*C\*/), 'CDD*04*C**700***7*EA**NET*1', 'LIN**VP*BIT'],
    ]);
    const raced = await Promise.all([credit('BIT', 20), credit('BIT', 20)]);
    expect(raced.map(({ kind }) => kind).toSorted()).toEqual(['issued', 'refused']);
    expect(await credit('SET', 1)).toMatchObject({ code: 'not-invoiced' });
    expect(await credit('BIT', 4)).toMatchObject({
      text: 'Of BIT 3 base units of invoice US01-000001 can still be credited',
    });
    expect(await credit('BIT', 3)).toMatchObject({ kind: 'issued' });
    expect(await credit('DRILL', 3)).toMatchObject({ kind: 'issued', amountMinor: 11_998 });
    const amounts = (await desk.db('invoice_adjustment').pluck('amount_minor')) as number[];
    expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(14_997);
  });

  describe('of which a part left while the rest was cancelled', () => {
    const billed = async () => (await desk.sent('810')).map((one) => only(one, /^(IT1|TDS|CTT)/));
    const settled = async (po: string) => {
      const { state, total_minor, invoiced_minor } = await desk.order(po);
      return [state, Number(total_minor), Number(invoiced_minor)];
    };

    test('is billed for that part by its share of the price, with the shipment that it left with', async () => {
      await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 30 } });
      await desk.db('customer').update({ policy: JSON.stringify({ backorder: false }) });
      await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
      await desk.answer('B1');
      await desk.ship('B1', null, { shipped: (item, quantity) => (item === 'BIT' ? 20 : quantity) });
      expect(await billed()).toEqual([
        ['IT1*1*2*EA*49.99**VP*SET', 'IT1**1*EA*40**VP*DRILL', 'TDS*13998', 'CTT*2'],
      ]);
      expect(await settled('B1')).toEqual(['completed', 13_998, 13_998]);
    });

    test('is billed for it once the rest is cancelled, by an invoice of its own that the ERP gets', async () => {
      await begin(
        { DRILL: { CENTRAL: 3 }, BIT: { EAST: 7 } },
        { bundles: { of: 'all', components: 'separately', documents: 'components' } },
      );
      await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
      await desk.answer('B1');
      await desk.ship('B1');
      // Seven bits complete no set: three drills have left and nothing is billed yet.
      expect(await billed()).toEqual([]);
      await desk.send('PC', ['BCH*01*SA*B1***20260302', 'CTT*0']);
      expect(await billed()).toEqual([['IT1*1*3*EA*39.993333**VP*DRILL', 'TDS*11998', 'CTT*1']]);
      const open = async () => (await readProgress(desk.db, (await desk.order('B1')).id)).shipments;
      expect((await open()).map((one) => one.invoicePosted)).toEqual([false]);
      await desk.post('B1');
      expect((await open()).map((one) => one.invoicePosted)).toEqual([true]);
      expect(await settled('B1')).toEqual(['completed', 11_998, 11_998]);
    });

    test('has whole bundles billed before: the parts take what is left of its amount, to the cent', async () => {
      await begin(
        { DRILL: { CENTRAL: 3 }, BIT: { CENTRAL: 20 } },
        { bundles: { of: 'all', components: 'separately' } },
      );
      await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'), order('B2', 'PO1*1*1*EA*49.99**VP*SET'));
      await desk.answer('B1');
      await desk.ship('B1');
      expect(await billed()).toEqual([['IT1*1*2*EA*49.99**VP*SET', 'TDS*9998', 'CTT*1']]);
      await desk.send('PC', ['BCH*01*SA*B1***20260302', 'CTT*0']);
      expect((await billed())[1]).toEqual(['IT1*1*1*EA*40**VP*DRILL', 'TDS*4000', 'CTT*1']);
      // Cancelled again, it is not billed again.
      await desk.send('PC', ['BCH*01*SA*B1***20260302', 'CTT*0']);
      await desk.post('B1');
      expect(await settled('B1')).toEqual(['completed', 13_998, 13_998]);
      expect(await billed()).toHaveLength(2);
    });
  });

  test('may come in pieces where the buyer agreed: what completes it is billed', async () => {
    await begin(
      { DRILL: { CENTRAL: 3 }, BIT: { EAST: 30 } },
      { bundles: { of: 'all', components: 'separately', documents: 'components' } },
    );
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    expect(await reserved()).toEqual(['BIT EAST 30', 'DRILL CENTRAL 3']);
    await desk.answer('B1');
    await desk.ship('B1');
    const invoices = await desk.sent('810');
    expect(invoices.map((one) => only(one, /^(IT1|TDS)/))).toEqual([
      ['IT1*1*3*EA*49.99**VP*SET', 'TDS*14997'],
    ]);
    expect(await desk.sent('856')).toHaveLength(2);
    expect((await desk.order('B1')).state).toBe('completed');
  });

  test('becomes less, or is deleted, with all its components; it does not become more', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 100 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA*49.99**VP*SET'));
    await desk.answer('B1');
    await desk.send('PC', ['BCH*04*SA*B1***20260302', 'POC*1*QD*1*1*EA***VP*SET', 'CTT*1']);
    expect(await reserved()).toEqual(['BIT CENTRAL 10', 'DRILL CENTRAL 1']);
    expect(Number((await desk.order('B1')).total_minor)).toBe(4_999);
    await desk.send('PC', ['BCH*04*SA*B1***20260302', 'POC*1*QI*4*4*EA***VP*SET', 'CTT*1']);
    expect(await reserved()).toEqual(['BIT CENTRAL 10', 'DRILL CENTRAL 1']);
    await desk.send('PC', ['BCH*04*SA*B1***20260302', 'POC*1*DI*0*0*EA***VP*SET', 'CTT*1']);
    expect(await reserved()).toEqual([]);
    const answers = await desk.sent('865');
    expect(answers.map((one) => only(one, /^(POC|ACK|MSG)/))).toEqual([
      ['POC*1*QD*1*1*EA*49.99**VP*SET', 'ACK*IA*1*EA'],
      [
        'POC*1*QI*1*1*EA*49.99**VP*SET',
        'ACK*IA*1*EA',
        'MSG*line 1 is supplied as the components of SET: it can become less or be deleted; order what else is wanted as a line of its own',
      ],
      ['POC*1*DI*1*0*EA*49.99**VP*SET', 'ACK*ID*1*EA'],
    ]);
    expect((await desk.order('B1')).state).toBe('cancelled');
  });

  test('that waits is not begun in pieces when some of its components come in', async () => {
    await begin({ DRILL: { CENTRAL: 0, EAST: 4 }, BIT: { CENTRAL: 40 } });
    await desk.send('PO', order('B1', 'PO1*1*3*EA***VP*SET'));
    expect(await reserved()).toEqual([]);
    await desk.answer('B1');
    expect(only((await desk.sent('855'))[0], /^ACK/)).toEqual(['ACK*IB*3*EA']);
    await desk.db('stock').where({ item_id: 'DRILL', node_id: 'CENTRAL' }).update({ on_hand: 2 });
    await desk.ship('B1', null, { oneCarton: true });
    expect(only((await desk.sent('810'))[0], /^IT1/)).toEqual(['IT1*1*2*EA*49.99**VP*SET']);
  });

  test('shares a component with another bundle: of two orders for the last one each is whole or waits', async () => {
    await begin({ DRILL: { CENTRAL: 4 }, BIT: { CENTRAL: 200 }, CASE: { CENTRAL: 100 } });
    await rule('bundle', 'KIT', {
      components: [
        { item: 'CASE', quantity: 2 },
        { item: 'DRILL', quantity: 1 },
      ],
    });
    const wanted = Array.from({ length: 8 }, (_, i) =>
      order(`R${i}`, i % 2 === 0 ? 'PO1*1*1*EA***VP*SET' : 'PO1*1*1*EA***VP*KIT'),
    );
    await desk.race(wanted);
    const rows = await desk.db('order_line').whereNotNull('supply').orderBy('order_id');
    const orders = Map.groupBy(rows, (row) => row.order_id);
    const whole = [...orders.values()].filter((parts) => parts.every((row) => row.reserved === row.ordered));
    const none = [...orders.values()].filter((parts) => parts.every((row) => row.reserved === 0));
    expect([whole.length, none.length]).toEqual([4, 4]);
    expect((await desk.db('stock').where({ item_id: 'DRILL' }).first()).reserved).toBe(4);
  });

  test('is an item like others to a buyer who has not agreed to its components', async () => {
    await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 100 }, SET: { WEST: 2 } }, null);
    await desk.send('PO', order('B1', 'PO1*1*2*EA***VP*SET'));
    expect(await reserved()).toEqual(['SET WEST 2']);
  });
});

describe('a substitute', () => {
  const begin = async (
    nodes: Readonly<Record<string, Readonly<Record<string, number>>>>,
    agreed: unknown,
    by: readonly unknown[] = [{ item: 'BOLT-ZN', price: 'supplied' }],
  ) => {
    desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 6 } } });
    await items('BOLT-ZN', 'BOLT-SS');
    await price('BOLT-ZN', '10.40');
    await price('BOLT-SS', '8.00');
    for (const [item, at] of Object.entries(nodes)) await stock(item, at);
    await rule('substitution', 'BOLT', { by });
    if (agreed !== null) await agree(agreed);
  };
  const bolts = (po: string, quantity = 10) => order(po, `PO1*1*${quantity}*EA*10**BP*AC-BOLT`);
  const short = { substitution: { of: 'all', cover: 'short-part', maximumIncreasePercent: '5' } };

  test('comes for the part that is short; the answer names it, notice and invoice have its number and price', async () => {
    await begin({ 'BOLT-ZN': { EAST: 100 } }, short);
    await desk
      .db('item_cross_reference')
      .insert({ customer_id: 'ACME', qualifier: 'BP', value: 'AC-ZN', item_id: 'BOLT-ZN' });
    await desk.send('PO', bolts('S1'));
    expect(await desk.holds('S1')).toEqual([]);
    expect(await linesOf('S1')).toEqual([
      { line: 1, item: 'BOLT', ordered: 6, reserved: 6, amount: 6_000 },
      { line: 2, item: 'BOLT-ZN', ordered: 4, reserved: 4, amount: 4_160 },
    ]);
    await desk.answer('S1');
    expect(only((await desk.sent('855'))[0], /^(BAK|PO1|ACK)/)).toEqual([
      expect.stringMatching(/^BAK\*00\*AC\*S1/),
      'PO1*1*10*EA*10**BP*AC-BOLT',
      'ACK*IA*6*EA',
      'ACK*IS*4*EA****BP*AC-ZN*VP*BOLT-ZN',
    ]);
    await desk.ship('S1');
    const notices = await desk.sent('856');
    expect(notices.map((one) => only(one, /^(LIN|SN1)/))).toEqual([
      ['LIN*1*BP*AC-BOLT', 'SN1*1*6*EA**6*EA'],
      ['LIN*1*BP*AC-ZN*VP*BOLT-ZN', 'SN1*1*4*EA**4*EA'],
    ]);
    const invoices = await desk.sent('810');
    expect(invoices.map((one) => only(one, /^(IT1|TDS)/))).toEqual([
      ['IT1*1*6*EA*10**BP*AC-BOLT', 'TDS*6000'],
      ['IT1*1*4*EA*10.4**BP*AC-ZN*VP*BOLT-ZN', 'TDS*4160'],
    ]);
    expect((await desk.order('S1')).state).toBe('completed');
  });

  test('that covers a part goes first where the line becomes less', async () => {
    await begin({ 'BOLT-ZN': { EAST: 100 } }, short);
    await desk.send('PO', bolts('S1'));
    await desk.answer('S1');
    const become = (code: string, quantity: number) =>
      desk.send('PC', [
        'BCH*04*SA*S1***20260302',
        `POC*1*${code}*${quantity}*${quantity}*EA*10**BP*AC-BOLT`,
        'CTT*1',
      ]);
    await become('RZ', 10);
    await become('QD', 7);
    expect(await reserved()).toEqual(['BOLT CENTRAL 6', 'BOLT-ZN EAST 1']);
    await become('QD', 4);
    expect(await reserved()).toEqual(['BOLT CENTRAL 4']);
    expect(Number((await desk.order('S1')).total_minor)).toBe(4_000);
    await become('QD', 3);
    await become('QI', 5);
    const answers = await desk.sent('865');
    expect(answers.map((one) => only(one, /^(POC|ACK|MSG)/))).toEqual([
      ['POC*1*RZ*10*10*EA*10**BP*AC-BOLT', 'ACK*IA*6*EA', 'ACK*IS*4*EA****VP*BOLT-ZN'],
      ['POC*1*QD*7*7*EA*10**BP*AC-BOLT', 'ACK*IA*6*EA', 'ACK*IS*1*EA****VP*BOLT-ZN'],
      ['POC*1*QD*4*4*EA*10**BP*AC-BOLT', 'ACK*IA*4*EA'],
      ['POC*1*QD*3*3*EA*10**BP*AC-BOLT', 'ACK*IA*3*EA'],
      [
        'POC*1*QI*3*3*EA*10**BP*AC-BOLT',
        'ACK*IA*3*EA',
        'MSG*line 1 is supplied as BOLT-ZN: it can become less or be deleted; order what else is wanted as a line of its own',
      ],
    ]);
  });

  test('comes for the whole line where that was agreed, and not at all where it does not cover it', async () => {
    const whole = {
      substitution: { of: 'all', cover: 'whole-line', documents: 'ordered', maximumIncreasePercent: '5' },
    };
    await begin({ 'BOLT-ZN': { EAST: 12 } }, whole);
    await desk.send('PO', bolts('S1'));
    expect((await linesOf('S1')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT-ZN', 10]]);
    await desk.send('PO', bolts('S2'));
    expect((await linesOf('S2')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT', 6]]);
    await desk.answer('S1');
    await desk.ship('S1');
    expect(only((await desk.sent('810'))[0], /^IT1/)).toEqual(['IT1*1*10*EA*10.4**BP*AC-BOLT']);
  });

  test('does not come where nobody agreed to it, and the order costs no statement more for the question', async () => {
    await begin({ 'BOLT-ZN': { EAST: 100 } }, null);
    let statements = 0;
    desk.db.on('query', () => {
      statements += 1;
    });
    const placing = async (po: string) => {
      statements = 0;
      await desk.race([bolts(po)]);
      return statements;
    };
    const withRelations = await placing('S1');
    const rules = desk.db('rule').where({ kind: 'substitution' });
    await rules.delete();
    // The second finds what the first left, as a third would: only the rules have gone.
    const [plain, again] = [await placing('S2'), await placing('S3')];
    expect([plain, withRelations]).toEqual([again, again]);
    expect((await linesOf('S1')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT', 6]]);
    await desk.answer('S1');
    expect(only((await desk.sent('855'))[0], /^ACK/)).toEqual(['ACK*IA*6*EA', 'ACK*IB*4*EA']);
  });

  test('that is dearer than agreed holds the line; released it has the price that was asked for', async () => {
    await begin({ 'BOLT-ZN': { EAST: 100 } }, { substitution: { of: 'all', maximumIncreasePercent: '3.5' } });
    await desk.send('PO', bolts('S1'));
    expect(await desk.holds('S1')).toEqual([
      'price: Line 1: BOLT-ZN costs 10.4 instead of 10 for BOLT; up to 10.35 (3.5 percent more) is agreed',
    ]);
    expect(await desk.decide('S1', 'release')).toEqual(['resolved']);
    expect(Number((await desk.order('S1')).total_minor)).toBe(10_000);
  });

  test('has the lower price where the rule says so, and the next one is tried where the first is short, too', async () => {
    await begin({ 'BOLT-ZN': { EAST: 1 }, 'BOLT-SS': { WEST: 50 } }, short, [
      { item: 'BOLT-ZN', price: 'ordered' },
      { item: 'BOLT-SS', price: 'lower' },
    ]);
    await desk.send('PO', bolts('S1'));
    expect((await linesOf('S1')).map(({ item, reserved: r, amount }) => [item, r, amount])).toEqual([
      ['BOLT', 6, 6_000],
      ['BOLT-ZN', 1, 1_000],
      ['BOLT-SS', 3, 2_400],
    ]);
  });

  test('of a substitute comes only where the rule says so', async () => {
    await begin({ 'BOLT-SS': { WEST: 50 } }, short);
    await rule('substitution', 'BOLT-ZN', { by: [{ item: 'BOLT-SS' }] });
    await desk.send('PO', bolts('S1'));
    expect((await linesOf('S1')).map(({ item }) => item)).toEqual(['BOLT']);
    await rule('substitution', 'BOLT', { by: [{ item: 'BOLT-ZN', chained: true }] }, 2);
    await desk.send('PO', bolts('S2', 4));
    expect((await linesOf('S2')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT-SS', 4]]);
  });

  test('is counted by its ratio: two for one, in whole ordered ones', async () => {
    await begin({ 'BOLT-ZN': { EAST: 7 } }, short, [{ item: 'BOLT-ZN', ratio: 2, price: 'ordered' }]);
    await desk.send('PO', bolts('S1'));
    expect(await linesOf('S1')).toEqual([
      { line: 1, item: 'BOLT', ordered: 7, reserved: 6, amount: 7_000 },
      { line: 2, item: 'BOLT-ZN', ordered: 6, reserved: 6, amount: 3_000 },
    ]);
    await desk.answer('S1');
    await desk.ship('S1');
    const notices = await desk.sent('856');
    expect(only(notices[1], /^(LIN|SN1)/)).toEqual(['LIN*1*VP*BOLT-ZN', 'SN1*1*6*EA**6*EA']);
    expect(only((await desk.sent('810'))[1], /^IT1/)).toEqual(['IT1*1*3*EA*10**VP*BOLT-ZN']);
  });

  test('is refused by the buyer with an 860 that deletes the line: all of it goes back', async () => {
    await begin({ 'BOLT-ZN': { EAST: 100 } }, short);
    await desk.send('PO', bolts('S1'));
    await desk.answer('S1');
    await desk.send('PC', ['BCH*04*SA*S1***20260302', 'POC*1*DI*0*0*EA***BP*AC-BOLT', 'CTT*1']);
    expect(await reserved()).toEqual([]);
    expect((await desk.order('S1')).state).toBe('cancelled');
  });

  test('two items that stand in for each other are ordered at the same time: nobody waits for the other for ever', async () => {
    await begin({ 'BOLT-ZN': { EAST: 6 } }, short);
    await rule('substitution', 'BOLT-ZN', { by: [{ item: 'BOLT', price: 'ordered' }] });
    const wanted = Array.from({ length: 10 }, (_, i) =>
      order(`R${i}`, `PO1*1*2*EA***VP*${i % 2 === 0 ? 'BOLT' : 'BOLT-ZN'}`),
    );
    await desk.race(wanted);
    const rows = await desk.db('stock').orderBy('item_id');
    expect(rows.map((row) => [row.item_id, row.reserved])).toEqual([
      ['BOLT', 6],
      ['BOLT-ZN', 6],
    ]);
  });
});

describe('a superseded number', () => {
  const begin = async (from: string, agreed: unknown) => {
    desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 6 } } });
    await items('BOLT-2', 'BOLT-3');
    await price('BOLT-2', '10.00');
    await price('BOLT-3', '10.00');
    await stock('BOLT-2', { EAST: 100 });
    await rule('supersession', 'BOLT', { by: 'BOLT-2', price: 'supplied', from });
    if (agreed !== null) await agree(agreed);
  };
  const bolts = (po: string) => order(po, 'PO1*1*10*EA*10**BP*AC-BOLT');

  test('means the new item from its day on, for a buyer who agreed', async () => {
    await begin('2026-03-01', { supersession: { of: 'all' } });
    await desk.db('item').where({ id: 'BOLT' }).update({ active: false });
    await desk.send('PO', bolts('N1'));
    expect(await desk.holds('N1')).toEqual([]);
    expect((await linesOf('N1')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT-2', 10]]);
    await desk.answer('N1');
    expect(only((await desk.sent('855'))[0], /^ACK/)).toEqual(['ACK*IS*10*EA****VP*BOLT-2']);
    await desk.ship('N1');
    expect(only((await desk.sent('810'))[0], /^IT1/)).toEqual(['IT1*1*10*EA*10**VP*BOLT-2']);
  });

  test('means itself before that day', async () => {
    await begin('2026-03-03', { supersession: { of: 'all' } });
    await desk.send('PO', bolts('N1'));
    expect((await linesOf('N1')).map(({ item }) => item)).toEqual(['BOLT']);
  });

  test('is rejected with the new number for a buyer who did not agree, or held', async () => {
    await begin('2026-03-01', null);
    await desk.send('PO', bolts('N1'));
    const [answer] = await desk.sent('855');
    expect((await desk.order('N1')).state).toBe('rejected');
    await desk.answer('N1');
    expect(only((await desk.sent('855'))[0] ?? answer, /^(ACK|MSG)/)).toEqual([
      'ACK*R2*10*EA',
      'MSG*item BOLT is superseded by BOLT-2: order that number',
    ]);
    await agree({ superseded: 'hold' });
    await desk.send('PO', bolts('N2'));
    expect(await desk.holds('N2')).toEqual([
      'item: Line 1: item BOLT is superseded by BOLT-2: order that number',
    ]);
  });

  test('is sold off first where the new one comes when its stock runs out', async () => {
    await begin('stock-out', { supersession: { of: 'all' } });
    await desk.send('PO', bolts('N1'));
    expect((await linesOf('N1')).map(({ item, reserved: r }) => [item, r])).toEqual([
      ['BOLT', 6],
      ['BOLT-2', 4],
    ]);
    await desk.send('PO', bolts('N2'));
    expect((await linesOf('N2')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT-2', 10]]);
  });

  test('that was ordered before anyone said so stays the old item: a change does not make it the new one', async () => {
    await begin('2027-01-01', { supersession: { of: 'all' } });
    await desk.send('PO', order('N1', 'PO1*1*4*EA*10**BP*AC-BOLT'));
    await desk.answer('N1');
    await rule('supersession', 'BOLT', { by: 'BOLT-2', from: '2026-03-01' }, 2);
    await desk.send('PC', ['BCH*04*SA*N1***20260302', 'POC*1*QI*1*5*EA***BP*AC-BOLT', 'CTT*1']);
    expect((await linesOf('N1')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT', 4]]);
    expect(only((await desk.sent('865'))[0], /^MSG/)).toEqual([
      'MSG*line 1 is BOLT, which BOLT-2 supersedes now: it can be deleted and ordered anew',
    ]);
  });

  test('leads to the newest of a row of successors', async () => {
    await begin('2026-03-01', { supersession: { of: 'all' } });
    await stock('BOLT-3', { WEST: 100 });
    await rule('supersession', 'BOLT-2', { by: 'BOLT-3', from: '2026-03-02' });
    await desk.send('PO', bolts('N1'));
    expect((await linesOf('N1')).map(({ item, reserved: r }) => [item, r])).toEqual([['BOLT-3', 10]]);
  });
});
