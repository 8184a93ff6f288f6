import fc from 'fast-check';
import { type LeavingLine, stayingLines } from '../../domain/allocation/leave-together';

test('whatever waits for whom: what leaves lacks nothing that it leaves with, and nothing waits without a reason', () => {
  const lineOf = fc.record({
    isBehind: fc.boolean(),
    isOnlyEarly: fc.boolean(),
    complete: fc.boolean(),
    together: fc.constantFrom(null, 'a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(lineOf, { minLength: 1, maxLength: 6 }), fc.boolean(), (drawn, shipComplete) => {
      const lines: readonly LeavingLine[] = drawn.map((one, at) => ({ ...one, lineNumber: at + 1 }));
      const staying = stayingLines(lines, { shipComplete });
      const orderWaits = shipComplete && lines.some((one) => one.isBehind && !one.isOnlyEarly);
      for (const one of lines) {
        const mates = lines.filter((other) => other.together !== null && other.together === one.together);
        const waits = orderWaits || (one.complete && one.isBehind) || mates.some(({ isBehind }) => isBehind);
        expect(staying.has(one.lineNumber)).toBe(waits);
      }
    }),
  );
});
