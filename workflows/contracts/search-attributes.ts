import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** By what operators find orders in Temporal. The worker registers them when it starts. */
export const searchAttributes = {
  orderState: defineSearchAttributeKey('OrderState', SearchAttributeType.KEYWORD),
  partnerId: defineSearchAttributeKey('PartnerId', SearchAttributeType.KEYWORD),
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD),
  purchaseOrderNumber: defineSearchAttributeKey('PurchaseOrderNumber', SearchAttributeType.KEYWORD),
  holdTypes: defineSearchAttributeKey('HoldTypes', SearchAttributeType.KEYWORD_LIST),
} as const;
