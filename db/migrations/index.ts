import type { Knex } from 'knex';
import * as core from './0001-core';
import * as gateway from './0002-gateway';
import * as portalSession from './0003-portal-session';
import * as ssccSequence from './0004-sscc-sequence';
import * as as2 from './0005-as2';
import * as sftp from './0006-sftp';
import * as receivedContent from './0007-received-content';
import * as documentKeys from './0008-document-keys';
import * as orderContent from './0009-order-content';
import * as warehousePartner from './0010-warehouse-partner';
import * as guides from './0011-guides';
import * as cash from './0012-cash';
import * as claimBeforeOrder from './0013-claim-before-order';
import * as arrivalOrder from './0014-arrival-order';
import * as lineDates from './0015-line-dates';
import * as claims from './0016-claims';
import * as interchangeLists from './0017-interchange-lists';
import * as settledCash from './0018-settled-cash';
import * as partnerEvents from './0019-partner-events';
import * as testOrderNumbers from './0020-test-order-numbers';
import * as ruleAuthors from './0021-rule-authors';
import * as pendingChanges from './0022-pending-changes';
import * as unplacedOrders from './0023-unplaced-orders';
import * as stockKeeps from './0024-stock-keeps';
import * as freeSamples from './0025-free-samples';
import * as cartonSizes from './0026-carton-sizes';
import * as pricing from './0027-pricing';
import * as inboundStock from './0028-inbound-stock';
import * as holdsInDepth from './0029-holds-in-depth';
import * as tracking from './0030-tracking';
import * as roundedQuantities from './0031-rounded-quantities';
import * as credit from './0032-credit';
import * as fillTerms from './0033-fill-terms';
import * as monitoring from './0034-monitoring';
import * as buyerApprovals from './0035-buyer-approvals';
import * as sourcing from './0036-sourcing';
import * as storeTasks from './0037-store-tasks';
import * as itemRelations from './0038-item-relations';
import * as supplierOrders from './0039-supplier-orders';
import * as supplierDeadlines from './0040-supplier-deadlines';
import * as prepaymentInNameOf from './0041-prepayment-in-name-of';
import * as rescheduledLines from './0042-rescheduled-lines';
import * as supplierInvoicePosting from './0043-supplier-invoice-posting';
import * as notices from './0044-notices';
import * as invoicesOfParts from './0045-invoices-of-parts';
import * as storeKeys from './0046-store-keys';
import * as shipmentsAllowed from './0047-shipments-allowed';
import * as removedBuyerSettings from './0048-removed-buyer-settings';
import * as supplierVersions from './0049-supplier-versions';
import * as linkedPayments from './0050-linked-payments';
import * as supplierStock from './0051-supplier-stock';
import * as supplierPromises from './0061-supplier-promises';
import * as storeKeysEnd from './0062-store-keys-end';
import * as chargeTerms from './0063-charge-terms';
import * as stockReports from './0065-stock-reports';
import * as creditGiven from './0066-credit-given';
import * as queuePlaces from './0068-queue-places';

export interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

/** Forward only, in this order; a landed migration is never edited. */
export const migrations: readonly Migration[] = [
  { name: '0001-core', up: core.up },
  { name: '0002-gateway', up: gateway.up },
  { name: '0003-portal-session', up: portalSession.up },
  { name: '0004-sscc-sequence', up: ssccSequence.up },
  { name: '0005-as2', up: as2.up },
  { name: '0006-sftp', up: sftp.up },
  { name: '0007-received-content', up: receivedContent.up },
  { name: '0008-document-keys', up: documentKeys.up },
  { name: '0009-order-content', up: orderContent.up },
  { name: '0010-warehouse-partner', up: warehousePartner.up },
  { name: '0011-guides', up: guides.up },
  { name: '0012-cash', up: cash.up },
  { name: '0013-claim-before-order', up: claimBeforeOrder.up },
  { name: '0014-arrival-order', up: arrivalOrder.up },
  { name: '0015-line-dates', up: lineDates.up },
  { name: '0016-claims', up: claims.up },
  { name: '0017-interchange-lists', up: interchangeLists.up },
  { name: '0018-settled-cash', up: settledCash.up },
  { name: '0019-partner-events', up: partnerEvents.up },
  { name: '0020-test-order-numbers', up: testOrderNumbers.up },
  { name: '0021-rule-authors', up: ruleAuthors.up },
  { name: '0022-pending-changes', up: pendingChanges.up },
  { name: '0023-unplaced-orders', up: unplacedOrders.up },
  { name: '0024-stock-keeps', up: stockKeeps.up },
  { name: '0025-free-samples', up: freeSamples.up },
  { name: '0026-carton-sizes', up: cartonSizes.up },
  { name: '0027-pricing', up: pricing.up },
  { name: '0028-inbound-stock', up: inboundStock.up },
  { name: '0029-holds-in-depth', up: holdsInDepth.up },
  { name: '0030-tracking', up: tracking.up },
  { name: '0031-rounded-quantities', up: roundedQuantities.up },
  { name: '0032-credit', up: credit.up },
  { name: '0033-fill-terms', up: fillTerms.up },
  { name: '0034-monitoring', up: monitoring.up },
  { name: '0035-buyer-approvals', up: buyerApprovals.up },
  { name: '0036-sourcing', up: sourcing.up },
  { name: '0037-store-tasks', up: storeTasks.up },
  { name: '0038-item-relations', up: itemRelations.up },
  { name: '0039-supplier-orders', up: supplierOrders.up },
  { name: '0040-supplier-deadlines', up: supplierDeadlines.up },
  { name: '0041-prepayment-in-name-of', up: prepaymentInNameOf.up },
  { name: '0042-rescheduled-lines', up: rescheduledLines.up },
  { name: '0043-supplier-invoice-posting', up: supplierInvoicePosting.up },
  { name: '0044-notices', up: notices.up },
  { name: '0045-invoices-of-parts', up: invoicesOfParts.up },
  { name: '0046-store-keys', up: storeKeys.up },
  { name: '0047-shipments-allowed', up: shipmentsAllowed.up },
  { name: '0048-removed-buyer-settings', up: removedBuyerSettings.up },
  { name: '0049-supplier-versions', up: supplierVersions.up },
  { name: '0050-linked-payments', up: linkedPayments.up },
  { name: '0051-supplier-stock', up: supplierStock.up },
  { name: '0061-supplier-promises', up: supplierPromises.up },
  { name: '0062-store-keys-end', up: storeKeysEnd.up },
  { name: '0063-charge-terms', up: chargeTerms.up },
  { name: '0065-stock-reports', up: stockReports.up },
  { name: '0066-credit-given', up: creditGiven.up },
  { name: '0068-queue-places', up: queuePlaces.up },
];

/** What a database must have for this code to run on it. */
export const migrationNames: readonly string[] = migrations.map((migration) => migration.name);
