import { z } from 'zod';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { FillTerms } from '../../domain/allocation/fill-terms';
import { shareOfBundle } from '../../domain/order/line-supply';
import { beOf, countOf } from '../../domain/shared/count';
import { lineAmountMinor } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { ResolvedLine } from './resolve-lines';

export const fillTermsSchema = z.object({
  shipComplete: z.boolean().default(false),
  minimum: z
    .union([
      z.strictObject({ of: z.enum(['line', 'order']), percent: z.int().min(1).max(100) }),
      z.strictObject({ of: z.literal('line'), quantity: z.int().positive() }),
    ])
    .nullable()
    .default(null),
  rest: z.enum(['backorder', 'cancel']).default('backorder'),
}) satisfies z.ZodType<FillTerms>;

/** As they were stored with an order; null: it takes what is there, and the rest waits. */
export const readFillTerms = (stored: unknown): FillTerms | null =>
  stored === null || stored === undefined ? null : fillTermsSchema.parse(stored);

/**
 * Cancels what is missing, where that was agreed: a line of which nothing is there is rejected (IR), of another the rest
 * is (IQ for what goes, IR for what does not). Its price stays that of the quantity that was ordered.
 */
export function cancelMissing(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  currency: string,
): { readonly lines: readonly ResolvedLine[]; readonly plan: AllocationPlan } {
  const missing = new Map(plan.shortages.map((one) => [one.lineNumber, one.quantity]));
  return {
    plan: { ...plan, shortages: [] },
    lines: lines.map((line) => {
      const quantity = missing.get(line.lineNumber);
      if (quantity === undefined || line.rejection !== null) return line;
      const item = line.item?.itemId ?? '';
      if (quantity >= line.baseUnits) {
        const text = `${countOf(quantity, 'base unit')} of ${item} ${beOf(quantity)} not there at once, and what is missing is cancelled as agreed`;
        return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR' as const, text } };
      }
      const { unit } = line.request;
      const kept = fromBaseUnits(line.baseUnits - quantity, unit, { [unit]: line.unitFactor });
      const amountMinor =
        line.unitPrice === null ? 0 : lineAmountMinor(kept, line.unitPrice, currency, line.priceBasis);
      return { ...line, cancelled: quantity, amountMinor: shareOfBundle(line.supply, amountMinor) };
    }),
  };
}
