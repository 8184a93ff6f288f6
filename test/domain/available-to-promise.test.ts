import fc from 'fast-check';
import {
  availableToPromise,
  datesOfChange,
  type NodePosition,
} from '../../domain/allocation/available-to-promise';
import { promiseBackorders, type Supply } from '../../domain/allocation/promise-backorders';

const position = (nodeId: string, rank: number, more: Partial<NodePosition> = {}): NodePosition => ({
  nodeId,
  rank,
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
  expect(availableToPromise([east], 15, dates)).toEqual([
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
  const [near, far] = availableToPromise(nodes, 12, [day(2)]).map((node) => node.dates[0]?.available);
  expect([near, far]).toEqual([8, 0]);
});

test('what is kept for the one who asks is available to them', () => {
  const node = position('EAST', 1, { onHand: 10, reserves: 8, own: 6 });
  expect(availableToPromise([node], 5, [day(2)])[0]?.dates[0]).toMatchObject({ promised: 2, available: 6 });
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
      const promises = availableToPromise(nodes, waiting, dates);
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
      const turned = availableToPromise(nodes.toReversed(), waiting, dates);
      expect(turned.toReversed()).toEqual(promises);
    }),
  );
});

const want = (lineId: string, quantity: number) => ({ lineId, quantity, multiple: 1 });
const supply = (n: number, quantity: number): Supply => ({ date: day(n), quantity });

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
        coming.map((one, at) => (at === 0 ? { ...one, quantity: one.quantity + extra } : one)),
        'in-order',
      );
      for (const { lineId } of queue) {
        expect(followed.get(lineId)).toBe(alone.get(lineId));
        expect((richer.get(lineId) ?? '9') <= (alone.get(lineId) ?? '9')).toBe(true);
      }
    }),
  );
});
