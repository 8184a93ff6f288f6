import type { Decision } from '../record/keep-history';
import { constraintsOf } from '../sourcing/order-to-source';
import { planToKeep, ruleOfPlan } from '../sourcing/source-stock';
import type { NewOrder } from './new-order';

/** The prices that were not taken are told once, on the line. */
export function withoutCandidates(
  decision: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { resolution } = decision;
  if (typeof resolution !== 'object' || resolution === null) return decision;
  const { candidates: _candidates, ...rest } = resolution as Readonly<Record<string, unknown>>;
  return { ...decision, resolution: rest };
}

/** Kept where there was something to decide. */
export function promotionDecisions(
  { outcome: { applied, refused, furtherRefused }, takes }: NewOrder['promotions'],
  inputs: Readonly<Record<string, unknown>>,
  orderId: string,
  now: string,
): readonly Decision[] {
  if (applied.length + refused.length === 0) return [];
  const ofOrder = refused.filter(({ lineNumber }) => lineNumber === null);
  const versions = new Set(
    [...applied, ...refused].map(({ promotionId, version }) => `${promotionId} v${version}`),
  );
  return [
    {
      orderId,
      kind: 'promotion',
      rule: 'best-for-the-buyer',
      ruleVersion: [...versions].slice(0, 20).join(', '),
      inputs,
      outcome: {
        given: applied.slice(0, 100).map(({ ofLines: _lines, ...one }) => one),
        furtherGiven: Math.max(0, applied.length - 100),
        // Those of a line are told on the line.
        refused: ofOrder,
        furtherRefused: furtherRefused + refused.length - ofOrder.length,
        takes,
      },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ];
}

export function decisionsOf(order: NewOrder, orderId: string): readonly Decision[] {
  const common = { orderId, decidedAt: order.now, decidedBy: 'hub' };
  const decisions: Decision[] = [
    {
      ...common,
      kind: 'price',
      rule: 'resolve-price',
      ruleVersion: '1',
      inputs: {
        date: order.priceDate,
        purchaseOrderDate: order.request.purchaseOrderDate,
        priceDate: order.policy.priceDate,
        tolerance: order.policy.priceTolerance,
      },
      outcome: order.lines.map((line) => ({
        line: line.lineNumber,
        ...withoutCandidates(line.priceDecision),
      })),
    },
    ...promotionDecisions(
      order.promotions,
      { date: order.priceDate, channel: order.request.channel },
      orderId,
      order.now,
    ),
    {
      ...common,
      kind: 'validation',
      rule: 'customer-policy',
      ruleVersion: '1',
      inputs: { policy: order.policy },
      outcome: order.lines.map((line) => ({
        line: line.lineNumber,
        rejection: line.rejection,
        holds: line.holds,
      })),
    },
    {
      ...common,
      kind: 'allocation',
      ...ruleOfPlan(order.plan),
      inputs: {
        fill: order.request.fill ?? order.policy.fill,
        asked: [
          { by: 'the customer', constraints: constraintsOf(order.policy) },
          { by: 'the order', constraints: order.request.shipping ?? {} },
        ],
      },
      outcome: planToKeep(order.plan),
    },
  ];
  if (order.credit) {
    decisions.push({
      ...common,
      kind: 'credit',
      rule: 'exposure-within-limit',
      ruleVersion: `account ${order.credit.accountVersion}`,
      inputs: order.credit.inputs,
      outcome: order.credit.decision,
    });
  }
  decisions.push(...order.decisions.map((decision) => ({ ...common, ...decision })));
  return decisions;
}
