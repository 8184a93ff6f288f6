import type { OrderProgress } from '../../domain/order/progress';

/**
 * What an order's workflow asks of the outside: one call each, its reply written into the record in the same activity.
 * Each has an idempotency key that is stable over retries and over runs of the workflow (`workflow id / step / n`);
 * a reply that is stored is answered again without a call.
 */
export interface OutsideActivities {
  /** Rates of all carriers, and the chosen one's label. */
  buyLabel(orderId: string, shipmentId: string): Promise<void>;
  releaseToWarehouse(orderId: string, shipmentId: string): Promise<ReleaseReply>;
  recallFromWarehouse(orderId: string, shipmentId: string): Promise<RecallReply>;
  /** Often the last step of an order: answers with the progress that it leaves. */
  postInvoice(orderId: string, invoiceId: string): Promise<OrderProgress>;
  /** The ERP's open items of the order's credit account, as of now. */
  refreshReceivables(orderId: string): Promise<void>;
}

export type ReleaseReply =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The shipment was cancelled meanwhile: nothing was asked. */
  | { readonly kind: 'not-wanted' };

export type RecallReply =
  | { readonly kind: 'recalled' }
  | { readonly kind: 'too-late'; readonly reason: string };
