import { countOf } from '../shared/count';
import type { CheckFinding, CheckOutcome, OrderCheck } from './validation-checks';

type FraudCheck = Extract<OrderCheck, { check: 'fraud-score' }>;

/** What is known of an order and of those before it. */
export interface FraudFacts {
  readonly totalMinor: number;
  /** Orders of the customer that were not rejected, before this one. */
  readonly ordersBefore: number;
  /** Of these, those that went to the same place. */
  readonly toSameShipTo: number;
  /** Of these, those of the last hours that the check names. */
  readonly lately: number;
  /** The country of the ship-to differs from that of the bill-to; null: one of them is not known. */
  readonly shipsAbroad: boolean | null;
  /** The bill-to that the order names is another than the customer's. */
  readonly billsElsewhere: boolean;
}

export interface FraudFactor {
  readonly factor: keyof FraudCheck['weights'];
  readonly score: number;
  readonly text: string;
}

/** The sum of the factors that are the case, each with its words. Nothing else goes into it. */
export function scoreFraud(
  { weights }: Pick<FraudCheck, 'weights'>,
  facts: FraudFacts,
): { readonly score: number; readonly factors: readonly FraudFactor[] } {
  const factors: FraudFactor[] = [];
  const add = (is: boolean, factor: FraudFactor['factor'], score: number, text: string) => {
    if (is && score > 0) factors.push({ factor, score, text });
  };
  const isFirst = facts.ordersBefore === 0;
  add(facts.toSameShipTo === 0, 'newShipTo', weights.newShipTo, 'nothing went to this place before');
  add(
    isFirst && facts.totalMinor > weights.largeFirstOrder.aboveMinor,
    'largeFirstOrder',
    weights.largeFirstOrder.score,
    'it is the first order of this customer, and a large one',
  );
  add(
    facts.lately + 1 > weights.velocity.orders,
    'velocity',
    weights.velocity.score,
    `it is order no. ${facts.lately + 1} within ${countOf(weights.velocity.hours, 'hour')}`,
  );
  add(
    facts.shipsAbroad === true,
    'shipToElsewhere',
    weights.shipToElsewhere,
    'it is shipped to another country than it is billed to',
  );
  add(
    facts.billsElsewhere,
    'billToDiffers',
    weights.billToDiffers,
    'the bill-to is not that of the customer',
  );
  return { score: factors.reduce((sum, { score }) => sum + score, 0), factors };
}

/** The highest threshold that the score reaches; null: none. */
export function checkFraud(check: FraudCheck, facts: FraudFacts): CheckFinding | null {
  const { score, factors } = scoreFraud(check, facts);
  const reaches = (at: number | undefined) => at !== undefined && score >= at;
  const outcome: CheckOutcome | null = reaches(check.rejectAt)
    ? 'reject'
    : reaches(check.holdAt)
      ? 'hold'
      : reaches(check.warnAt)
        ? 'warn'
        : null;
  if (outcome === null) return null;
  const why = factors.map((one) => `${one.text} (${one.score})`).join(', ');
  return {
    check: 'fraud-score',
    outcome,
    text: `fraud score ${score}: ${why}`,
    rejectionCode: 'IR',
    details: { score, factors },
  };
}
