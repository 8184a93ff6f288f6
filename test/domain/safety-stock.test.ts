import fc from 'fast-check';
import { readSafetyScope, type SafetyRules, safetyStockOf } from '../../domain/allocation/safety-stock';

const place = { itemId: 'BOLT', itemClass: 'FASTENERS', nodeId: 'CHI' };
/** The most specific first. */
const scopes = [
  'item/BOLT at CHI',
  'item/BOLT',
  'class/FASTENERS at CHI',
  'class/FASTENERS',
  '* at CHI',
  '*',
];
const others = ['item/NUT', 'item/BOLT at DAL', 'class/OTHER at CHI', '* at DAL', 'item/BOLT at CH'];

test('the most specific rule counts, whatever others say and in whatever order they come', () => {
  const units = fc.integer({ min: 0, max: 1e9 });
  const rules = fc
    .uniqueArray(fc.constantFrom(...scopes, ...others), { maxLength: 11 })
    .chain((chosen) => fc.tuple(...chosen.map((scope) => fc.tuple(fc.constant(scope), units))));
  fc.assert(
    fc.property(rules, units, fc.integer(), (drawn, level, seed) => {
      const asRules = (list: typeof drawn): SafetyRules =>
        new Map(list.map(([scope, one], at) => [scope, { units: one, version: at + 1 }]));
      const found = safetyStockOf(asRules(drawn), place, level);
      const expected = scopes.find((scope) => drawn.some(([one]) => one === scope));
      expect(found.rule?.scope ?? null).toBe(expected ?? null);
      expect(found.units).toBe(drawn.find(([scope]) => scope === expected)?.[1] ?? level);
      const shuffled = drawn.toSorted((a, b) => ((a[1] * 31 + seed) % 7) - ((b[1] * 31 + seed) % 7));
      expect(safetyStockOf(asRules(shuffled), place, level).units).toBe(found.units);
    }),
  );
});

test('an item without a class has what is said of everything; without any rule the level says it', () => {
  const rules: SafetyRules = new Map([['*', { units: 3, version: 1 }]]);
  const loose = { ...place, itemClass: null };
  expect(safetyStockOf(rules, loose, 9)).toEqual({ units: 3, rule: { scope: '*', version: 1 } });
  expect(safetyStockOf(new Map(), loose, 9)).toEqual({ units: 9, rule: null });
});

test('a scope says whose it is and where', () => {
  expect(readSafetyScope('item/BOLT at CHI')).toEqual({ itemId: 'BOLT', itemClass: null, nodeId: 'CHI' });
  expect(readSafetyScope('class/LOOSE PARTS at hand at CHI')).toEqual({
    itemId: null,
    itemClass: 'LOOSE PARTS at hand',
    nodeId: 'CHI',
  });
  expect(readSafetyScope('*')).toEqual({ itemId: null, itemClass: null, nodeId: null });
});
