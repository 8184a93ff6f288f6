import { authorityRule } from './authority';
import { backorderQueueRule } from './backorder-queue';
import { bundleRule } from './bundle';
import { cartonRule } from './carton';
import { creditAgeingRule } from './credit-ageing';
import { creditReleaseRule } from './credit-release';
import { exchangeRateRule } from './exchange-rate';
import { holdTypeRule } from './hold-type';
import { marginFloorRule } from './margin-floor';
import { modificationRule } from './modification';
import { monitoringRule } from './monitoring';
import { noticesRule } from './notices';
import { priceOverrideRule } from './price-override';
import { promotionRule } from './promotion';
import { routingGuideRule } from './routing-guide';
import type { RuleKind } from './rule-kind';

import { safetyStockRule } from './safety-stock';
import { sampleRule } from './sample';
import { sourcingRule } from './sourcing';
import { freightRatesRule, postalPlacesRule, sourcingNodeRule, workCalendarRule } from './sourcing-network';
import { storeTermsRule } from './store-terms';
import { substitutionRule } from './substitution';
import { supersessionRule } from './supersession';
import { supplyAgreementRule } from './supply-agreement';
import { validationRule } from './validation';

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
