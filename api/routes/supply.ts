import { customerPolicySchema } from '../../application/customer/customer-policy';
import { type LinePreview, previewSupply } from '../../application/sourcing/preview-supply';
import type { Tx } from '../../db/connection';
import { compareDecimals } from '../../domain/shared/money';
import { isOwnStaff } from '../auth/principal';
import { createOrderBody } from '../contract/orders';
import { priceQuoteBody } from '../contract/prices';
import { type SupplyQuoteView, supplyQuote } from '../contract/supply';
import { type Endpoint, endpoint } from '../endpoint';
import { buyerOf } from '../order-buyer';
import { orderRequestOf } from '../order-request';
import { moneyOf } from '../views/money';
import { supplyView } from '../views/supply-view';

interface Telling {
  readonly currency: string;
  readonly ownStaff: boolean;
  /** A buyer may be told only whether something is there. */
  readonly quantities: boolean;
}

const lineView = (
  line: LinePreview,
  { currency, ownStaff, quantities }: Telling,
): SupplyQuoteView['lines'][number] => ({
  lineNumber: line.lineNumber,
  quantity: line.quantity,
  unit: line.unit,
  available: quantities ? line.available : null,
  inStock: compareDecimals(line.available, line.quantity) >= 0,
  concerns: [...line.concerns],
  supplied: line.supplied.map((one) => ({
    itemId: one.itemId,
    description: one.description,
    quantity: one.quantity,
    available: quantities ? one.available : null,
    unitPrice: one.unitPrice,
    amount: moneyOf(one.amountMinor, currency),
    supply: supplyView(one.supply, one.unitFactor, { ownStaff }),
  })),
});

const quoteSupply = endpoint({
  method: 'post',
  path: '/supply-quotes',
  tag: 'Orders',
  summary: 'What would be supplied for an order that came now, without placing it',
  description:
    'Bundles as their components, successors of old numbers, what comes instead of what is short: as far as the buyer has agreed to it (rule supply-agreement), by the stock of this moment. Nothing is reserved or kept.',
  scopes: ['orders:write', 'orders:read', 'prices:read'],
  body: priceQuoteBody,
  replies: { 200: { description: 'What would come', schema: supplyQuote } },
  handle: async ({ db, body, principal, deps }) => {
    const customer = await buyerOf(db, principal, { customerId: body.customerId });
    const ownStaff = isOwnStaff(principal);
    const order = createOrderBody.parse({ purchaseOrderNumber: 'QUOTE', lines: body.lines });
    const request = orderRequestOf(order, {
      channel: principal.sessionId === null ? 'api' : 'portal',
      buyer: customer,
      partnerId: principal.partnerId,
      person: principal.person,
      isBuyer: principal.customerId !== null,
      now: deps.now(),
    });
    const policy = customerPolicySchema.parse(customer.policy);
    const dated = { ...request, purchaseOrderDate: body.date ?? request.purchaseOrderDate };
    const { agreement, lines } = await db.transaction((tx: Tx) =>
      previewSupply(tx, dated, customer, policy, deps.now()),
    );
    const telling = {
      currency: customer.currency,
      ownStaff,
      quantities: ownStaff || policy.availability === 'quantities',
    };
    return {
      status: 200,
      body: {
        customerId: customer.id,
        agreement: ownStaff ? agreement : null,
        lines: lines.map((line) => lineView(line, telling)),
      },
    };
  },
});

export const supplyEndpoints: readonly Endpoint[] = [quoteSupply];
