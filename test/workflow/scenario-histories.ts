/**
 * The way that each scenario of the demo day takes through the engine, by the recorded histories that have it. Several
 * scenarios take the same way: prices, guides and versions of the standard are decided before the workflow begins.
 */
export const scenarioHistories: Readonly<Record<string, readonly string[]>> = {
  'clean-order': ['clean-order'],
  'quantity-tiers': ['clean-order'],
  'credit-released': ['hold-released'],
  'credit-rejected': ['hold-rejected'],
  'price-mismatch': ['price-mismatch'],
  'two-warehouses': ['two-shipments'],
  backorder: ['backorder'],
  // No order comes of it.
  'broken-850': [],
  'sent-twice': ['clean-order'],
  'changed-by-860': ['changed-by-860'],
  'cancelled-by-860': ['cancel-by-wake'],
  'short-pick': ['short-pick'],
  'distributor-5010': ['clean-order'],
  'approval-by-amount': ['approval-by-amount'],
  'unknown-item': ['unknown-item'],
  'ordered-by-api': ['ordered-by-api'],
  'erp-down': ['erp-down'],
  'short-pick-elsewhere': ['short-pick-elsewhere'],
  'approved-by-the-buyer': ['approved-by-the-buyer'],
  // The same way, not gone to its end.
  'waits-for-the-buyer': ['approved-by-the-buyer'],
  'picked-up': ['pickup-handed-over'],
  'shipped-from-store': ['store-shipped'],
};
