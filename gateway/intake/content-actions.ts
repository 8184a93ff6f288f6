import { applyShippingAdvice } from '../../application/fulfilment/apply-shipping-advice';
import { applyRemittance } from '../../application/invoicing/apply-remittance';
import { recordAdjustment } from '../../application/invoicing/record-adjustment';
import { recordReturnRequest } from '../../application/invoicing/record-return-request';
import { answerStatusInquiry } from '../../application/order/report-order-status';
import { matchApplicationAdvice } from '../../application/partner/match-advice';
import type { ActOnContent, Received } from '../../application/partner/received-content';
import { applyInventoryAdjustment } from '../../application/stock/apply-inventory-adjustment';
import { applyInventoryAdvice } from '../../application/stock/apply-inventory-advice';
import { applyReceiptAdvice } from '../../application/stock/apply-receipt-advice';
import { applyTransferAdvice } from '../../application/stock/apply-transfer-advice';
import {
  applySupplierAnswer,
  applySupplierChangeAnswer,
} from '../../application/supplier/apply-supplier-answer';
import { applySupplierShipment } from '../../application/supplier/apply-supplier-shipment';
import { matchSupplierInvoice } from '../../application/supplier/match-supplier-invoice';
import type { InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import type {
  SupplierAnswer,
  SupplierChangeAnswer,
  SupplierInvoice,
  SupplierShipNotice,
} from '../../domain/fulfilment/supplier-documents';
import type {
  StockTransferReceiptAdvice,
  StockTransferShipmentAdvice,
  WarehouseInventoryAdjustment,
  WarehouseShippingAdvice,
  WarehouseShippingOrder,
} from '../../domain/fulfilment/warehouse-documents';
import type { CreditDebitAdjustment } from '../../domain/invoicing/credit-debit-adjustment';
import type { RemittanceAdvice } from '../../domain/invoicing/remittance-advice';
import type { OrderStatusInquiry, OrderStatusReport } from '../../domain/order/order-status';
import type { ApplicationAdvice } from '../../domain/partner/application-advice';
import type { PriceCatalog } from '../../domain/pricing/price-catalog';
import type { ReturnAuthorization } from '../../domain/returns/return-authorization';

/** What received content can be to the hub; `document` is one that only its own set describes. */
export type ContentKind =
  | 'document'
  | ApplicationAdvice['kind']
  | RemittanceAdvice['kind']
  | CreditDebitAdjustment['kind']
  | ReturnAuthorization['kind']
  | OrderStatusInquiry['kind']
  | OrderStatusReport['kind']
  | WarehouseShippingOrder['kind']
  | WarehouseShippingAdvice['kind']
  | StockTransferShipmentAdvice['kind']
  | StockTransferReceiptAdvice['kind']
  | WarehouseInventoryAdjustment['kind']
  | InventoryAdvice['kind']
  | PriceCatalog['kind']
  | SupplierAnswer['kind']
  | SupplierChangeAnswer['kind']
  | SupplierShipNotice['kind']
  | SupplierInvoice['kind'];

/** A use case as a row of the table: what the content holds was made by our own mapping of an accepted document. */
export function act<Body>(useCase: ActOnContent<Body>): ActOnContent<unknown> {
  return (tx, received, now) => useCase(tx, received as Received<Body>, now);
}

/**
 * THE table of what acts on received content (application, one file a use case). null: nobody can act on it by
 * itself, so it is kept and somebody gets to see it.
 */
export const actions: Readonly<Record<ContentKind, ActOnContent<unknown> | null>> = {
  document: null,
  'application-advice': act(matchApplicationAdvice),
  'remittance-advice': act(applyRemittance),
  'credit-debit-adjustment': act(recordAdjustment),
  'return-authorization': act(recordReturnRequest),
  'order-status-inquiry': act(answerStatusInquiry),
  // A supplier's report on what we ordered: the hub orders from nobody yet, so a person reads it.
  'order-status-report': null,
  // The hub runs no warehouse for others: who asks it to ship gets a person's answer.
  'warehouse-shipping-order': null,
  'stock-transfer-shipment-advice': act(applyTransferAdvice),
  // Whose prices they are to become, and what follows, is a buyer's decision.
  'price-catalog': null,
  'warehouse-shipping-advice': act(applyShippingAdvice),
  'stock-transfer-receipt-advice': act(applyReceiptAdvice),
  'warehouse-inventory-adjustment': act(applyInventoryAdjustment),
  'inventory-advice': act(applyInventoryAdvice),
  'supplier-answer': act(applySupplierAnswer),
  'supplier-change-answer': act(applySupplierChangeAnswer),
  'supplier-ship-notice': act(applySupplierShipment),
  'supplier-invoice': act(matchSupplierInvoice),
};
