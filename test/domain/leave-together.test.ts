import fc from 'fast-check';
import { type LeavingLine, shipmentsThatLeave, stayingLines } from '../../domain/allocation/leave-together';

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

test('however many leave before what is on hold or missing: the maximum is enough for the rest, and no more wait than must', () => {
  const few = fc.nat({ max: 4 });
  const counts = fc.record({
    begun: few,
    apart: few,
    besideHeld: few,
    heldAlone: few,
    isMissing: fc.boolean(),
    most: few,
  });
  fc.assert(
    fc.property(counts, ({ begun, apart, besideHeld, heldAlone, isMissing, most }) => {
      // Of what is on hold each makes a shipment of its own, some of which something ready would be in.
      const later = besideHeld + heldAlone;
      const ready = apart + besideHeld;
      const leave = shipmentsThatLeave({ begun, ready, besideHeld, later, isMissing }, most);
      expect(leave).toBeGreaterThanOrEqual(0);
      expect(leave).toBeLessThanOrEqual(ready);
      // Those that nothing on hold is in leave first.
      const stayApart = Math.max(0, apart - leave);
      const atLeast = begun + apart + later;
      if (!isMissing) expect(stayApart).toBe(0);
      if (!isMissing && atLeast <= most) {
        expect(begun + leave + later + stayApart).toBeLessThanOrEqual(most);
        expect(leave === ready || begun + leave + later === most).toBe(true);
      }
      if (isMissing && leave > 0) expect(begun + leave + later + 1).toBeLessThanOrEqual(most);
    }),
  );
});
