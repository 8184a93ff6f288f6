import type { Tx } from '../../db/connection';
import type { OrderChannel } from '../../domain/order/order-request';
import { ruleOfType } from '../../domain/order/order-types';
import { pricedOn } from '../../domain/pricing/price-date';
import type { Availability, Promotion } from '../../domain/pricing/promotion';
import type { PriceResolution } from '../../domain/pricing/resolve-price';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { type CustomerPolicy, customerPolicySchema } from '../customer/customer-policy';
import { type CustomerRow, readCustomer } from '../customer/customer-record';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import { amountOf } from '../order/give-up-lines';
import { type OrderLineRow, type OrderRow, readLines } from '../order/order-record';
import { promotionDecisions } from '../order/placing-decisions';
import {
  type LineFacts,
  type LineTerms,
  type ResolvedLine,
  readLineFacts,
  resolveLines,
} from '../order/resolve-lines';
import { isAgreedByItself } from '../pricing/agreed-by-itself';
import { type GivenPromotions, givePromotions } from '../pricing/give-promotions';
import { changeTakes, lockBudgets, takesOf } from '../pricing/promotion-budget';
import { recordDecisions } from '../record/keep-history';
import { promotionRule } from '../rules/promotion';
import { readHoldTypes, readRules } from '../rules/rules';

/** What an order is priced anew by. The budgets among it are locked. */
export interface RepricingTerms {
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly promotions: readonly Promotion[];
  readonly available: ReadonlyMap<string, Availability>;
}

/** Reads them and locks the budgets: after the order and its credit account, before any stock. */
export async function lockRepricing(tx: Tx, order: OrderRow): Promise<RepricingTerms> {
  const customer = await readCustomer(tx, order.customer_id, order.partner_id);
  if (!customer) throw new Error(`order ${order.id} has no customer`);
  const policy = customerPolicySchema.parse(customer.policy);
  const promotions = ruleOfType(order.type).promoted
    ? (await readRules(tx, promotionRule)).map(({ scope, version, body }) => ({
        ...body,
        promotionId: scope,
        version,
      }))
    : [];
  const available = await lockBudgets(tx, {
    customerId: customer.id,
    customerGroups: policy.groups,
    channel: order.channel,
    date: pricedOn(order),
    currency: order.currency,
    usage: order.usage,
    creditAccountId: order.credit_account_id,
    orderId: order.id,
    promotions,
  });
  return { customer, policy, promotions, available };
}

/**
 * Prices an order whose lines have changed as a new one would be: lines whose price depends on the whole order, and its
 * promotions. Lines that are at the warehouse or gone, or whose price was agreed by itself, keep it.
 * @returns the order with the adjustments that stand now; its totals are the caller's to write
 */
export async function repriceOrder(
  tx: Tx,
  order: OrderRow,
  { customer, policy, promotions, available }: RepricingTerms,
  now: string,
): Promise<OrderRow> {
  const alive = (await readLines(tx, order.id)).filter(
    (row) => row.rejection_code === null && row.ordered > row.cancelled && row.item_id !== null,
  );
  const had = order.adjustments.some(({ promotion }) => promotion !== undefined);
  const facts = await readLineFacts(
    tx,
    customer,
    alive.map((row) => ({
      productIds: [...row.product_ids, { qualifier: 'VP', value: row.item_id ?? '' }],
    })),
    { date: pricedOn(order), orderId: order.id },
  );
  const current = alive.map((row) => asResolved(row, facts, order.currency));
  const priced = priceAnew(current, alive, facts, {
    policy,
    currency: order.currency,
    date: pricedOn(order),
    stated: order.po_date,
  });
  if (promotions.length === 0 && !had) {
    await writeLines(tx, order, alive, priced, now);
    return order;
  }
  const channel = order.channel as OrderChannel;
  const given = givePromotions(priced, {
    customerId: customer.id,
    policy,
    currency: order.currency,
    channel,
    date: pricedOn(order),
    promotions,
    available,
  });
  await writeLines(tx, order, alive, given.lines, now);
  return keepGiven(tx, order, given, available, now);
}

async function keepGiven(
  tx: Tx,
  order: OrderRow,
  given: GivenPromotions,
  available: ReadonlyMap<string, Availability>,
  now: string,
): Promise<OrderRow> {
  const takes = takesOf(given.standing, available);
  await changeTakes(tx, { id: order.id, customerId: order.customer_id, usage: order.usage }, takes, now);
  const inputs = { date: pricedOn(order), channel: order.channel };
  await recordDecisions(tx, promotionDecisions({ ...given, takes }, inputs, order.id, now));
  return {
    ...order,
    adjustments: [...order.adjustments.filter(({ promotion }) => promotion === undefined), ...given.standing],
  };
}

/** A line of the record as pricing knows it, at the price that it has. */
export function asResolved(row: OrderLineRow, facts: LineFacts, currency: string): ResolvedLine {
  const decision = row.price_decision as Readonly<Record<string, unknown>>;
  const left = row.ordered - row.cancelled;
  return {
    lineNumber: row.line_number,
    request: {
      productIds: row.product_ids,
      quantity: fromBaseUnits(left, row.unit, { [row.unit]: row.unit_factor }),
      unit: row.unit,
      dates: [],
      references: [],
      ...(row.requested_price !== null && { unitPrice: row.requested_price }),
      ...(row.price_basis_code !== null && { priceBasisCode: row.price_basis_code }),
    },
    item: facts.items.get(row.item_id ?? '') ?? null,
    unitFactor: row.unit_factor,
    baseUnits: left,
    requestedQuantity: row.requested_quantity,
    unitPrice: row.unit_price,
    priceBasis: row.price_basis,
    amountMinor: amountOf(row, left, currency),
    price: (decision['resolution'] ?? null) as PriceResolution | null,
    priceDecision: withoutPromotions(decision),
    rejection: null,
    holds: [],
    splitFrom: row.split_from,
    destination: row.destination,
    shipNotBefore: row.ship_not_before,
    deliverBy: row.deliver_by,
    cancelAfter: null,
    blanketLineId: row.blanket_line_id,
    blanketPeriod: row.blanket_period,
    periods: row.periods ?? [],
    supply: row.supply,
    ...bundledOf(row, facts, left),
  };
}

/** Promotions see the bundle that was ordered, once: on its first component. */
function bundledOf(row: OrderLineRow, facts: LineFacts, left: number) {
  const { supply } = row;
  const item = supply?.kind === 'component' ? facts.items.get(supply.bundle) : undefined;
  if (supply?.kind !== 'component' || supply.index > 0 || item === undefined) return {};
  return { bundled: { item, baseUnits: Math.floor(left / row.unit_factor) * supply.bundleFactor } };
}

function withoutPromotions({ promotions: _promotions, ...decision }: Readonly<Record<string, unknown>>) {
  return decision;
}

/** Lines whose price follows from the whole order, or has promotions in it, are looked at anew; the others stand. */
function priceAnew(
  current: readonly ResolvedLine[],
  rows: readonly OrderLineRow[],
  facts: LineFacts,
  terms: LineTerms,
): readonly ResolvedLine[] {
  const byNumber = new Map(rows.map((row) => [row.line_number, row]));
  const inParts = new Set(rows.flatMap((row) => (row.split_from === null ? [] : [row.split_from])));
  const isLoose = ({ lineNumber, item, priceDecision, splitFrom }: ResolvedLine) => {
    const row = byNumber.get(lineNumber);
    if (!row || item === null || splitFrom !== null || inParts.has(lineNumber) || row.supply !== null)
      return false;
    if (
      row.released + row.shipped > 0 ||
      row.unit_price === null ||
      isAgreedByItself(priceDecision) ||
      priceDecision['agreedOnRelease'] === true
    )
      return false;
    const follows = (facts.prices.get(item.itemId) ?? []).some(
      ({ tierOver = 'line', contract }) =>
        tierOver !== 'line' || (contract?.minimumOrderQuantity ?? null) !== null,
    );
    return follows || priceDecision['netPrice'] !== undefined;
  };
  if (!current.some(isLoose)) return current;
  const numbered = current.map(({ lineNumber, request }) => ({
    lineNumber,
    line: { ...request, productIds: [{ qualifier: 'VP', value: byNumber.get(lineNumber)?.item_id ?? '' }] },
  }));
  const anew = resolveLines(numbered, facts, terms);
  return current.map((line, i) => {
    const fresh = anew[i];
    if (!isLoose(line) || fresh === undefined || fresh.item === null || fresh.rejection !== null) return line;
    const { unitPrice, priceBasis, amountMinor, price, priceDecision, holds } = fresh;
    return { ...line, unitPrice, priceBasis, amountMinor, price, priceDecision, holds };
  });
}

/** What has become otherwise is written, all lines in one statement; a line that is priced otherwise is agreed to anew. */
async function writeLines(
  tx: Tx,
  order: OrderRow,
  rows: readonly OrderLineRow[],
  lines: readonly ResolvedLine[],
  now: string,
): Promise<void> {
  const byNumber = new Map(rows.map((row) => [row.line_number, row]));
  const changed = lines.flatMap((line) => {
    const row = byNumber.get(line.lineNumber);
    const same =
      row === undefined ||
      (JSON.stringify(row.price_decision) === JSON.stringify(line.priceDecision) &&
        Number(row.unit_price) === Number(line.unitPrice));
    return same ? [] : [{ id: row.id, row, line }];
  });
  if (changed.length === 0) return;
  await tx.raw(
    `update order_line l set unit_price = c.unit_price, amount_minor = c.amount_minor, price_decision = c.price_decision
     from jsonb_to_recordset(cast(? as jsonb)) as c(id uuid, unit_price numeric, amount_minor bigint, price_decision jsonb)
     where l.id = c.id`,
    [
      JSON.stringify(
        changed.map(({ id, line }) => ({
          id,
          unit_price: line.unitPrice,
          amount_minor: line.amountMinor,
          price_decision: line.priceDecision,
        })),
      ),
    ],
  );
  const holds = changed.flatMap(({ line }) => line.holds.filter((hold) => hold.type === 'price'));
  const settled = changed.filter(({ line, row }) => {
    const before = (row.price_decision as Readonly<Record<string, unknown>>)['stands'];
    return before === 'undecided' && line.priceDecision['stands'] !== 'undecided';
  });
  if (settled.length > 0)
    await ownOpenHolds(tx, order.id)
      .where({ type: 'price' })
      .whereIn(
        'line_number',
        settled.map(({ line }) => line.lineNumber),
      )
      .update({
        status: 'superseded',
        resolved_at: now,
        resolved_by: 'hub',
        resolution_reason: 'the order was priced anew',
      });
  if (holds.length > 0) await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
}
