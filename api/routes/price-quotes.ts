import { customerPolicySchema } from '../../application/customer/customer-policy';
import { quotePrices } from '../../application/order/quote-prices';
import { isOwnStaff } from '../auth/principal';
import { createOrderBody } from '../contract/orders';
import { priceQuote, priceQuoteBody } from '../contract/prices';
import { type Endpoint, endpoint } from '../endpoint';
import { buyerOf } from '../order-buyer';
import { orderRequestOf } from '../order-request';
import { moneyOf } from '../views/money';
import { priceDecisionView } from '../views/price-decision-view';

const quote = endpoint({
  method: 'post',
  path: '/price-quotes',
  tag: 'Prices',
  summary: 'What an order would cost, without placing it',
  description:
    "Prices, promotions, charges and tax as an order of that date would have them; nothing is reserved or kept. The seller's own people see every price that was considered and why it was not taken, a buyer the price and what is off it.",
  scopes: ['orders:write', 'orders:read', 'prices:read'],
  body: priceQuoteBody,
  replies: { 200: { description: 'The prices', schema: priceQuote } },
  handle: async ({ db, body, principal, deps }) => {
    const customer = await buyerOf(db, principal, { customerId: body.customerId });
    const ownStaff = isOwnStaff(principal);
    const order = createOrderBody.parse({ purchaseOrderNumber: 'QUOTE', lines: body.lines });
    const channel = principal.sessionId === null ? 'api' : 'portal';
    const request = orderRequestOf(order, {
      channel,
      buyer: customer,
      partnerId: principal.partnerId,
      person: principal.person,
      isBuyer: principal.customerId !== null,
      now: deps.now(),
    });
    const date = body.date ?? request.purchaseOrderDate;
    const policy = customerPolicySchema.parse(customer.policy);
    const { given, agreed } = await quotePrices(db, request, customer, policy, date);
    const of = (minor: number) => moneyOf(minor, customer.currency);
    const { applied, refused } = given.outcome;
    return {
      status: 200,
      body: {
        customerId: customer.id,
        date,
        lines: given.lines.map((line) => ({
          lineNumber: line.lineNumber,
          itemId: line.item?.itemId ?? null,
          quantity: line.request.quantity,
          unit: line.request.unit,
          unitPrice: line.rejection ? null : line.unitPrice,
          amount: of(line.rejection ? 0 : line.amountMinor),
          explanation: line.price?.explanation ?? null,
          priceDecision: priceDecisionView(line.priceDecision, { ownStaff }),
          concerns: [
            ...(line.rejection ? [line.rejection.text] : []),
            ...line.holds.map((hold) => hold.reason.text),
          ],
        })),
        promotions: applied.map(({ name, lineNumber, amountMinor, text }) => ({
          name,
          lineNumber,
          amount: of(amountMinor),
          text,
        })),
        refusedPromotions: ownStaff
          ? refused.map(({ promotionId, lineNumber, reason }) => ({ promotionId, lineNumber, reason }))
          : [],
        subtotal: of(agreed.totals.subtotalMinor),
        charges: agreed.totals.charges,
        chargesTotal: of(agreed.totals.chargesMinor),
        tax: of(agreed.totals.taxMinor),
        total: of(agreed.totals.totalMinor),
      },
    };
  },
});

export const priceQuoteEndpoints: readonly Endpoint[] = [quote];
