import type { InventoryAdvice } from '../fulfilment/inventory-advice';
import type { SupplierOrderCancellation, SupplierPurchaseOrder } from '../fulfilment/supplier-documents';
import type { StockTransferShipmentAdvice, WarehouseShippingOrder } from '../fulfilment/warehouse-documents';
import type { CreditDebitAdjustment } from '../invoicing/credit-debit-adjustment';
import type { ChangeAnswer, InvoiceDocument, OrderAnswer, ShipNotice } from '../order/answers';
import type { OrderStatusReport } from '../order/order-status';
import type { PriceCatalog } from '../pricing/price-catalog';
import type { ReturnAuthorization } from '../returns/return-authorization';
import type { ApplicationAdvice } from './application-advice';

/** What a document request may hold: everything that the hub tells its partners, in the domain's words. */
export type PartnerDocument =
  | OrderAnswer
  | ChangeAnswer
  | ShipNotice
  | InvoiceDocument
  | ApplicationAdvice
  | WarehouseShippingOrder
  | StockTransferShipmentAdvice
  | InventoryAdvice
  | PriceCatalog
  | OrderStatusReport
  | CreditDebitAdjustment
  | ReturnAuthorization
  | SupplierPurchaseOrder
  | SupplierOrderCancellation;

/** The transaction set that each kind of document leaves as. */
export const documentSets = {
  'order-answer': '855',
  'change-answer': '865',
  'ship-notice': '856',
  invoice: '810',
  'application-advice': '824',
  'warehouse-shipping-order': '940',
  'stock-transfer-shipment-advice': '943',
  'inventory-advice': '846',
  'price-catalog': '832',
  'order-status-report': '870',
  'credit-debit-adjustment': '812',
  'return-authorization': '180',
  'supplier-purchase-order': '850',
  'supplier-order-cancellation': '860',
} as const satisfies { readonly [Kind in PartnerDocument['kind']]: string };

/** Acknowledgements (997, 999, TA1) are no part of it: the intake requests them itself. */
export type OutboundSet = (typeof documentSets)[PartnerDocument['kind']];
