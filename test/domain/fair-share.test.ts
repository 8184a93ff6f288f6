import fc from 'fast-check';
import { drawKeeps, freeToSell, type OwnKeep } from '../../domain/allocation/draw-keeps';
import { fairShare, type WaitingWant } from '../../domain/allocation/fair-share';

const want = (lineId: string, quantity: number, multiple = 1): WaitingWant => ({
  lineId,
  quantity,
  multiple,
});
const shares = (available: number, ...wants: readonly WaitingWant[]) =>
  Object.fromEntries(fairShare(available, wants));

test('what came in is shared in proportion, the rest to the largest remainder', () => {
  expect(shares(10, want('a', 10), want('b', 10))).toEqual({ a: 5, b: 5 });
  expect(shares(10, want('a', 10), want('b', 5), want('c', 2))).toEqual({ a: 6, b: 3, c: 1 });
  expect(shares(100, want('a', 10), want('b', 5))).toEqual({ a: 10, b: 5 });
  expect(shares(0, want('a', 10))).toEqual({});
});

test('of equal remainders the first in the queue has the odd unit', () => {
  expect(shares(3, want('old', 4), want('young', 4))).toEqual({ old: 2, young: 1 });
  expect(shares(3, want('young', 4), want('old', 4))).toEqual({ young: 2, old: 1 });
});

test('a case is given whole or not at all', () => {
  expect(shares(13, want('a', 12, 12), want('b', 12, 12))).toEqual({ a: 12 });
  expect(shares(30, want('a', 24, 12), want('b', 24, 12))).toEqual({ a: 12, b: 12 });
});

test('a share is within one ordered unit of the exact one, and all of them are no more than there is', () => {
  const wants = fc.array(
    fc.record({ units: fc.integer({ min: 1, max: 1e9 }), multiple: fc.constantFrom(1, 1, 6, 12, 144) }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(wants, fc.integer({ min: 0, max: 2e9 }), (drawn, available) => {
      const lines = drawn.map(({ units, multiple }, at) => want(`line${at}`, units, multiple));
      const total = lines.reduce((sum, line) => sum + line.quantity, 0);
      const given = fairShare(available, lines);
      expect([...given.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(available);
      for (const { lineId, quantity, multiple } of lines) {
        const share = given.get(lineId) ?? 0;
        expect(share).toBeLessThanOrEqual(quantity);
        if (share < quantity) expect(share % multiple).toBe(0);
        // |share - exact| < one ordered unit, in whole numbers.
        const exact = BigInt(Math.min(available, total)) * BigInt(quantity);
        const off = BigInt(share) * BigInt(total) - exact;
        expect((off < 0n ? -off : off) < BigInt(multiple) * BigInt(total)).toBe(true);
      }
    }),
  );
});

test('where pieces are ordered nothing that somebody waits for is left over', () => {
  const wants = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 15 });
  fc.assert(
    fc.property(wants, fc.integer({ min: 0, max: 8000 }), (quantities, available) => {
      const given = fairShare(
        available,
        quantities.map((quantity, at) => want(String(at), quantity)),
      );
      const total = quantities.reduce((sum, n) => sum + n, 0);
      expect([...given.values()].reduce((sum, n) => sum + n, 0)).toBe(Math.min(available, total));
    }),
  );
});

test('what is free to one and kept for them is never more than is there', () => {
  const count = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(count, count, count, count, count, (onHand, reserved, safety, own, others) => {
      const free = freeToSell({ onHand, reserved, safety, kept: own + others, own });
      expect(free.available).toBeGreaterThanOrEqual(0);
      expect(free.available + free.own).toBeLessThanOrEqual(Math.max(0, onHand - reserved));
    }),
  );
});

test('a keep is drawn by exactly what is taken of it, the cart first', () => {
  const keep = (keepId: string, kind: OwnKeep['kind'], quantity: number): OwnKeep => ({
    keepId,
    kind,
    itemId: 'BOLT',
    nodeId: 'EAST',
    quantity,
  });
  const own = [keep('c', 'customer', 5), keep('k', 'cart', 3)];
  const taken = (quantity: number) => [{ itemId: 'BOLT', nodeId: 'EAST', quantity }];
  expect(drawKeeps(taken(2), own)).toEqual([{ keepId: 'k', quantity: 2 }]);
  expect(drawKeeps(taken(7), own)).toEqual([
    { keepId: 'k', quantity: 3 },
    { keepId: 'c', quantity: 4 },
  ]);
  expect(drawKeeps(taken(20), own)).toEqual([
    { keepId: 'k', quantity: 3 },
    { keepId: 'c', quantity: 5 },
  ]);
  expect(drawKeeps([{ itemId: 'BOLT', nodeId: 'WEST', quantity: 4 }], own)).toEqual([]);
});

test('who asks first changes a share by no more than one ordered unit, and the whole by nothing', () => {
  const wants = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(wants, fc.integer({ min: 0, max: 6000 }), (quantities, available) => {
      const lines = quantities.map((quantity, at) => want(String(at), quantity));
      const [given, turned] = [fairShare(available, lines), fairShare(available, lines.toReversed())];
      for (const { lineId } of lines)
        expect(Math.abs((given.get(lineId) ?? 0) - (turned.get(lineId) ?? 0))).toBeLessThanOrEqual(1);
      const whole = (shared: ReadonlyMap<string, number>) =>
        [...shared.values()].reduce((sum, n) => sum + n, 0);
      expect(whole(turned)).toBe(whole(given));
    }),
  );
});

test('keeps are drawn by what is taken where they lie, never more than they hold, whoever is listed first', () => {
  const place = fc.record({
    itemId: fc.constantFrom('BOLT', 'NUT'),
    nodeId: fc.constantFrom('EAST', 'WEST'),
    quantity: fc.integer({ min: 1, max: 20 }),
  });
  const kinds = fc.constantFrom('cart', 'order', 'customer', 'channel');
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 6 }),
      fc.array(fc.record({ place, kind: kinds }), { maxLength: 8 }),
      (taken, keeps) => {
        const own: OwnKeep[] = keeps.map(({ place: at, kind }, n) => ({ ...at, kind, keepId: `k${n}` }));
        const drawn = drawKeeps(taken, own);
        const sum = (list: readonly { readonly quantity: number }[]) =>
          list.reduce((total, { quantity }) => total + quantity, 0);
        expect(drawn.every(({ quantity }) => quantity > 0)).toBe(true);
        expect(new Set(drawn.map(({ keepId }) => keepId)).size).toBe(drawn.length);
        for (const itemId of ['BOLT', 'NUT'])
          for (const nodeId of ['EAST', 'WEST']) {
            const here = <T extends { itemId: string; nodeId: string }>(list: readonly T[]) =>
              list.filter((one) => one.itemId === itemId && one.nodeId === nodeId);
            const ids = new Set(here(own).map(({ keepId }) => keepId));
            const out = drawn.filter(({ keepId }) => ids.has(keepId));
            expect(sum(out)).toBe(Math.min(sum(here(taken)), sum(here(own))));
          }
        for (const { keepId, quantity } of drawn)
          expect(quantity).toBeLessThanOrEqual(own.find((keep) => keep.keepId === keepId)?.quantity ?? 0);
        expect(sum(drawKeeps(taken.toReversed(), own))).toBe(sum(drawn));
      },
    ),
  );
});
