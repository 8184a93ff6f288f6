import type { Tx } from '../../db/connection';
import { lockRepricing, type RepricingTerms, repriceOrder } from '../change/reprice-order';
import { approvalHolds } from '../hold/decide-holds';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import { amountOf, retotal } from '../order/give-up-lines';
import { headNumber, type OrderRow, readLines, saveOrder } from '../order/order-record';
import { readHoldTypes } from '../rules/rules';

/**
 * Whose price stands after a release is the customer's policy; the decision keeps both. At our price the line has the
 * promotions that it would have had; the purchase order's, which a person agreed to, has none beside it. An order that
 * has become larger by it needs the approval of one that size.
 * @param known what the order is priced anew by, where the caller has locked it; otherwise it is locked here, before any stock
 */
export async function settlePrice(
  tx: Tx,
  order: OrderRow,
  hold: {
    readonly line_number: number | null;
    readonly reason: { readonly code?: string; readonly details?: { readonly ourPrice?: string } };
  },
  now: string,
  known?: RepricingTerms,
): Promise<OrderRow> {
  const terms = known ?? (await lockRepricing(tx, order));
  const { policy } = terms;
  const ours = policy.priceOnRelease === 'ours' ? hold.reason.details?.ourPrice : undefined;
  const stood = ours === undefined ? 'purchase-order' : 'ours';
  const parts = (await readLines(tx, order.id)).filter(
    (row) =>
      headNumber(row) === hold.line_number &&
      // Of a line that is supplied in part by something dearer that part alone is in question.
      (hold.reason.code !== 'supplied-dearer' || row.supply?.kind === 'instead'),
  );
  for (const line of parts) {
    const stands = ours ?? line.unit_price;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        unit_price: stands,
        amount_minor: amountOf(
          { ...line, unit_price: stands },
          line.ordered - line.cancelled,
          order.currency,
        ),
        price_decision: JSON.stringify({
          ...(line.price_decision as object),
          // What a person had set is that person's price also where somebody else has agreed to more of it.
          stands: hold.reason.code === 'set-for-less' ? 'override' : stood,
          agreedOnRelease: true,
        }),
      });
  }
  const promoted = order.adjustments.some(({ promotion }) => promotion !== undefined);
  const priced = terms.promotions.length > 0 || promoted ? await repriceOrder(tx, order, terms, now) : order;
  const adjustments = JSON.stringify(priced.adjustments);
  const saved = await saveOrder(tx, order, { ...(await retotal(tx, priced)), adjustments }, now);
  if (saved.total_minor > order.total_minor) {
    await openHolds(tx, order.id, approvalHolds(saved.total_minor, policy), await readHoldTypes(tx), now);
    await ownOpenHolds(tx, order.id).update({ approvals: '[]' });
  }
  return saved;
}
