import fc from 'fast-check';
import {
  availableToPromise,
  datesOfChange,
  type NodePosition,
} from '../../domain/allocation/available-to-promise';
import { fairShare, shareInRounds } from '../../domain/allocation/fair-share';
import { NodePool } from '../../domain/allocation/node-pool';
import { promiseBackorders, type Supply } from '../../domain/allocation/promise-backorders';

const position = (nodeId: string, rank: number, more: Partial<NodePosition> = {}): NodePosition => ({
  nodeId,
  rank,
  supplier: null,
  onHand: 0,
  reserved: 0,
  safety: 0,
  carts: 0,
  reserves: 0,
  shares: 0,
  own: 0,
  inbound: [],
  ...more,
});
const waits = (quantity: number) => [{ quantity, nodes: null }];
const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`;

test('what can be promised is explained figure by figure, and what comes in counts from its day', () => {
  const east = position('EAST', 1, {
    onHand: 100,
    reserved: 40,
    safety: 10,
    carts: 5,
    reserves: 20,
    inbound: [{ date: day(9), quantity: 50 }],
  });
  const dates = datesOfChange([east], day(2), day(31));
  expect(dates).toEqual([day(2), day(9)]);
  expect(availableToPromise([east], waits(15), dates)).toEqual([
    {
      nodeId: 'EAST',
      dates: [
        {
          date: day(2),
          onHand: 100,
          reserved: 40,
          safety: 10,
          kept: 25,
          inbound: 0,
          promised: 15,
          available: 10,
        },
        {
          date: day(9),
          onHand: 100,
          reserved: 40,
          safety: 10,
          kept: 25,
          inbound: 50,
          promised: 15,
          available: 60,
        },
      ],
    },
  ]);
});

test('what orders wait for is set aside at the least preferred node first', () => {
  const nodes = [position('NEAR', 1, { onHand: 10 }), position('FAR', 2, { onHand: 10 })];
  const [near, far] = availableToPromise(nodes, waits(12), [day(2)]).map((node) => node.dates[0]?.available);
  expect([near, far]).toEqual([8, 0]);
});

test('what orders wait for lies where they may have it, and first where the one who asks may not', () => {
  const nodes = [position('NEAR', 1, { onHand: 10 }), position('FAR', 2, { onHand: 10 })];
  const left = (...args: [Parameters<typeof availableToPromise>[1], ((nodeId: string) => boolean)?]) =>
    availableToPromise(nodes, args[0], [day(2)], args[1]).map((node) => node.dates[0]?.available);
  expect(left([{ quantity: 4, nodes: ['NEAR'] }])).toEqual([6, 10]);
  expect(left(waits(4), (nodeId) => nodeId === 'FAR')).toEqual([6, 10]);
});

test('what is kept for the one who asks is available to them', () => {
  const node = position('EAST', 1, { onHand: 10, reserves: 8, own: 6 });
  expect(availableToPromise([node], waits(5), [day(2)])[0]?.dates[0]).toMatchObject({
    promised: 2,
    available: 6,
  });
});

test('never below zero, never less on a later day, never more than is there and comes', () => {
  const count = fc.integer({ min: 0, max: 60 });
  const node = fc.record({
    onHand: count,
    reserved: count,
    safety: count,
    carts: count,
    reserves: count,
    shares: count,
    inbound: fc.array(fc.record({ date: fc.integer({ min: 3, max: 20 }).map(day), quantity: count }), {
      maxLength: 3,
    }),
  });
  fc.assert(
    fc.property(fc.array(node, { minLength: 1, maxLength: 4 }), count, (drawn, waiting) => {
      const nodes = drawn.map((one, at) =>
        position(`N${at}`, at % 2, { ...one, onHand: one.onHand + one.reserved }),
      );
      const dates = datesOfChange(nodes, day(2), day(31));
      const promises = availableToPromise(nodes, waits(waiting), dates);
      let before = 0;
      for (const [at] of dates.entries()) {
        const figures = promises.map((one) => one.dates[at]);
        const total = figures.reduce((sum, one) => sum + (one?.available ?? 0), 0);
        expect(total).toBeGreaterThanOrEqual(before);
        before = total;
        for (const one of figures) {
          expect(one?.available).toBeGreaterThanOrEqual(0);
          expect(one?.available).toBeLessThanOrEqual(
            (one?.onHand ?? 0) - (one?.reserved ?? 0) + (one?.inbound ?? 0),
          );
        }
        expect(figures.reduce((sum, one) => sum + (one?.promised ?? 0), 0)).toBeLessThanOrEqual(waiting);
      }
      // Which place is read first changes no figure of any.
      const turned = availableToPromise(nodes.toReversed(), waits(waiting), dates);
      expect(turned.toReversed()).toEqual(promises);
    }),
  );
});

const want = (lineId: string, quantity: number, nodes: readonly string[] | null = null) => ({
  lineId,
  quantity,
  multiple: 1,
  nodes,
});
const supply = (n: number, quantity: number, node = 'EAST'): Supply => ({
  date: day(n),
  byNode: new Map([[node, quantity]]),
});

test('a line is promised for the day by which those before it and itself are covered', () => {
  const queue = [want('a', 5), want('b', 5), want('c', 5)];
  const supplies = [supply(2, 3), supply(9, 4), supply(20, 5)];
  expect(Object.fromEntries(promiseBackorders(queue, supplies, 'in-order'))).toEqual({
    a: day(9),
    b: day(20),
    c: null,
  });
  expect(
    Object.fromEntries(promiseBackorders(queue, [supply(2, 0), supply(9, 9), supply(20, 6)], 'fair-share')),
  ).toEqual({
    a: day(20),
    b: day(20),
    c: day(20),
  });
});

test('whoever is behind changes nothing for those before; more and earlier supply makes nobody wait longer', () => {
  const wants = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
  const supplies = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(wants, supplies, fc.integer({ min: 1, max: 50 }), (quantities, amounts, extra) => {
      const queue = quantities.map((quantity, at) => want(String(at), quantity));
      const coming = amounts.map((quantity, at) => supply(at + 1, quantity));
      const alone = promiseBackorders(queue, coming, 'in-order');
      const followed = promiseBackorders([...queue, want('behind', extra)], coming, 'in-order');
      const richer = promiseBackorders(
        queue,
        coming.map((one, at) => (at === 0 ? supply(1, (amounts[0] ?? 0) + extra) : one)),
        'in-order',
      );
      for (const { lineId } of queue) {
        expect(followed.get(lineId)).toBe(alone.get(lineId));
        expect((richer.get(lineId) ?? '9') <= (alone.get(lineId) ?? '9')).toBe(true);
      }
    }),
  );
});

test('a line is promised only for what comes where it may have it from; who may have it from everywhere gives way', () => {
  const queue = [want('any', 5), want('west', 5, ['WEST']), want('south', 1, ['SOUTH'])];
  const both = {
    date: day(2),
    byNode: new Map([
      ['WEST', 5],
      ['EAST', 2],
    ]),
  };
  const supplies: readonly Supply[] = [both, supply(9, 3, 'EAST')];
  expect(Object.fromEntries(promiseBackorders(queue, supplies, 'in-order'))).toEqual({
    any: day(2),
    west: null,
    south: null,
  });
  const more: readonly Supply[] = [
    {
      date: day(2),
      byNode: new Map([
        ['WEST', 5],
        ['EAST', 5],
      ]),
    },
    supply(9, 1, 'SOUTH'),
  ];
  for (const served of ['in-order', 'fair-share'] as const)
    expect(Object.fromEntries(promiseBackorders(queue, more, served))).toEqual({
      any: day(2),
      west: day(2),
      south: day(9),
    });
});

const NODES = ['A', 'B', 'C'] as const;
const placed = fc.record({
  quantity: fc.integer({ min: 1, max: 9 }),
  nodes: fc.option(fc.subarray([...NODES], { minLength: 1 })),
});
const stockAt = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12));
type Drawn = { readonly quantity: number; readonly nodes: readonly string[] | null };

/** The most that these can have together, by the least cut: some of them want nothing, the others have all their nodes. */
function mostOf(wants: readonly Drawn[], units: readonly number[]): number {
  const cuts = Array.from({ length: 1 << wants.length }, (_, mask) => {
    const inside = wants.filter((_one, at) => (mask & (1 << at)) !== 0);
    const outside = wants.filter((_one, at) => (mask & (1 << at)) === 0);
    const reached = NODES.filter((node) =>
      inside.some(({ nodes }) => nodes === null || nodes.includes(node)),
    );
    return (
      outside.reduce((sum, { quantity }) => sum + quantity, 0) +
      reached.reduce((sum, node) => sum + (units[NODES.indexOf(node)] ?? 0), 0)
    );
  });
  return Math.min(...cuts);
}

test('whoever asks in turn gets the most that those before leave possible, wherever it lies: the least cut says how much', () => {
  fc.assert(
    fc.property(fc.array(placed, { minLength: 1, maxLength: 6 }), stockAt, (wants, units) => {
      const pool = new NodePool(new Map(NODES.map((node, at) => [node, units[at] ?? 0])));
      let before = 0;
      for (const [at, { nodes, quantity }] of wants.entries()) {
        const most = mostOf(wants.slice(0, at + 1), units);
        expect(pool.take(nodes, quantity)).toBe(most - before);
        before = most;
      }
      expect(pool.left).toBe(units.reduce((sum, one) => sum + one, 0) - before);
    }),
  );
});

test('shares among lines of which some may not have it from everywhere: all that can be had is shared, nobody gets more than is wanted', () => {
  fc.assert(
    fc.property(fc.array(placed, { minLength: 1, maxLength: 6 }), stockAt, (drawn, units) => {
      const wants = drawn.map((one, at) => ({ ...one, lineId: String(at), multiple: 1 }));
      const pool = new NodePool(new Map(NODES.map((node, at) => [node, units[at] ?? 0])));
      const got = shareInRounds(
        wants,
        () => pool.left,
        (shares) =>
          new Map(shares.map(({ want: one, quantity }) => [one.lineId, pool.take(one.nodes, quantity)])),
      );
      const total = [...got.values()].reduce((sum, one) => sum + one, 0);
      expect(total).toBe(mostOf(drawn, units));
      for (const { lineId, quantity } of wants) expect(got.get(lineId) ?? 0).toBeLessThanOrEqual(quantity);
      const everywhere = wants.map((one) => ({ ...one, nodes: null }));
      const loose = new NodePool(new Map(NODES.map((node, at) => [node, units[at] ?? 0])));
      const shared = shareInRounds(
        everywhere,
        () => loose.left,
        (shares) =>
          new Map(shares.map(({ want: one, quantity }) => [one.lineId, loose.take(null, quantity)])),
      );
      const plain = fairShare(
        units.reduce((sum, one) => sum + one, 0),
        everywhere,
      );
      expect([...shared].filter(([, n]) => n > 0)).toEqual([...plain]);
    }),
  );
});
