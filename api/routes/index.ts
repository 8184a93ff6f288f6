import type { Endpoint } from '../endpoint';
import { authorityEndpoints } from './authority';
import { buyerApprovalEndpoints } from './buyer-approvals';
import { cancelOrder } from './cancel-order';
import { changeEndpoints } from './change-order';
import { claimEndpoints } from './claims';
import { creditEndpoints } from './credit';
import { documentActionEndpoints } from './document-actions';
import { documentEndpoints } from './documents';
import { exceptionEndpoints } from './exceptions';
import { fulfilmentEndpoints } from './fulfilment';
import { guideEndpoints } from './guides';
import { holdEndpoints } from './holds';
import { interchangeEndpoints } from './interchanges';
import { noticeEndpoints } from './notices';
import { orderEndpoints } from './orders';
import { partnerSetUpEndpoints } from './partner-set-up';
import { partnerEndpoints } from './partners';
import { priceContractEndpoints } from './price-contracts';
import { priceQuoteEndpoints } from './price-quotes';
import { priceEndpoints } from './prices';
import { reportEndpoints } from './reports';
import { ruleEndpoints } from './rules';
import { setPrice } from './set-price';
import { shippingPaperEndpoints } from './shipping-papers';
import { sourcingEndpoints } from './sourcing';
import { stockEndpoints } from './stock';
import { stockSupplyEndpoints } from './stock-supply';
import { stockTransferEndpoints } from './stock-transfers';
import { storeKeyEndpoints } from './store-keys';
import { storeEndpoints } from './stores';
import { supplierOrderEndpoints } from './supplier-orders';
import { supplyEndpoints } from './supply';
import { unappliedPaymentEndpoints } from './unapplied-payments';
import { unplacedEndpoints } from './unplaced';

/** Every route below /api/v1: what is mounted, and what the OpenAPI document tells. */
export const endpoints: readonly Endpoint[] = [
  ...orderEndpoints,
  cancelOrder,
  setPrice,
  ...priceQuoteEndpoints,
  ...priceEndpoints,
  ...priceContractEndpoints,
  ...changeEndpoints,
  ...unplacedEndpoints,
  ...holdEndpoints,
  ...authorityEndpoints,
  ...buyerApprovalEndpoints,
  ...creditEndpoints,
  ...unappliedPaymentEndpoints,
  ...fulfilmentEndpoints,
  ...shippingPaperEndpoints,
  ...storeEndpoints,
  ...storeKeyEndpoints,
  ...claimEndpoints,
  ...documentEndpoints,
  ...documentActionEndpoints,
  ...interchangeEndpoints,
  ...partnerEndpoints,
  ...guideEndpoints,
  ...partnerSetUpEndpoints,
  ...exceptionEndpoints,
  ...noticeEndpoints,
  ...reportEndpoints,
  ...stockTransferEndpoints,
  ...sourcingEndpoints,
  ...stockEndpoints,
  ...stockSupplyEndpoints,
  ...supplyEndpoints,
  ...supplierOrderEndpoints,
  ...ruleEndpoints,
];
