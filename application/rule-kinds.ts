import { authorityRule } from './rules/authority';
import { backorderQueueRule } from './rules/backorder-queue';
import { bundleRule } from './rules/bundle';
import { cartonRule } from './rules/carton';
import { creditAgeingRule } from './rules/credit-ageing';
import { creditReleaseRule } from './rules/credit-release';
import { exchangeRateRule } from './rules/exchange-rate';
import { holdTypeRule } from './rules/hold-type';
import { marginFloorRule } from './rules/margin-floor';
import { modificationRule } from './rules/modification';
import { monitoringRule } from './rules/monitoring';
import { noticesRule } from './rules/notices';
import { priceOverrideRule } from './rules/price-override';
import { promotionRule } from './rules/promotion';
import { routingGuideRule } from './rules/routing-guide';
import type { RuleKind } from './rules/rule-kind';

import { safetyStockRule } from './rules/safety-stock';
import { sampleRule } from './rules/sample';
import { sourcingRule } from './rules/sourcing';
import {
  freightRatesRule,
  postalPlacesRule,
  sourcingNodeRule,
  workCalendarRule,
} from './rules/sourcing-network';
import { storeTermsRule } from './rules/store-terms';
import { substitutionRule } from './rules/substitution';
import { supersessionRule } from './rules/supersession';
import { supplyAgreementRule } from './rules/supply-agreement';
import { validationRule } from './rules/validation';

/** Every kind of rule that people edit, in the order in which they are shown. */
export const ruleKinds: readonly RuleKind[] = [
  authorityRule,
  backorderQueueRule,
  bundleRule,
  cartonRule,
  creditAgeingRule,
  creditReleaseRule,
  exchangeRateRule,
  holdTypeRule,
  marginFloorRule,
  modificationRule,
  noticesRule,
  priceOverrideRule,
  promotionRule,
  routingGuideRule,
  safetyStockRule,
  sampleRule,
  validationRule,
  monitoringRule,
  sourcingRule,
  sourcingNodeRule,
  freightRatesRule,
  workCalendarRule,
  postalPlacesRule,
  storeTermsRule,
  substitutionRule,
  supersessionRule,
  supplyAgreementRule,
];

export function findRuleKind(kind: string): RuleKind | undefined {
  return ruleKinds.find((one) => one.kind === kind);
}
