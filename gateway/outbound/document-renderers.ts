import { z } from 'zod';
import type { PartnerDocument } from '../../domain/partner/partner-document';
import { renderApplicationAdvice } from '../../edi/mapping/application-advice';
import { renderChangeAcknowledgment } from '../../edi/mapping/change-acknowledgment';
import { renderCreditDebitAdjustment } from '../../edi/mapping/credit-debit-adjustment';
import { renderInventoryAdvice } from '../../edi/mapping/inventory-advice';
import { renderInvoice } from '../../edi/mapping/invoice';
import { renderOrderAcknowledgment } from '../../edi/mapping/order-acknowledgment';
import { renderOrderStatusReport } from '../../edi/mapping/order-status';
import { renderPriceCatalog } from '../../edi/mapping/price-catalog';
import type { Rendered } from '../../edi/mapping/rendering';
import { renderReturnAuthorization } from '../../edi/mapping/return-authorization';
import { renderShipNotice } from '../../edi/mapping/ship-notice';
import { renderStockTransferShipmentAdvice } from '../../edi/mapping/stock-transfer-shipment-advice';
import {
  renderSupplierOrderCancellation,
  renderSupplierPurchaseOrder,
} from '../../edi/mapping/supplier-purchase-order';
import { renderWarehouseShippingOrder } from '../../edi/mapping/warehouse-shipping-order';
import type { AgreedOptions } from './rendering-options';

/** By what a document is found again. */
export interface ExtractedKeys {
  readonly purchaseOrderNumber: string | null;
  readonly invoiceNumber: string | null;
  readonly shipmentNumber: string | null;
}

export const NO_KEYS: ExtractedKeys = {
  purchaseOrderNumber: null,
  invoiceNumber: null,
  shipmentNumber: null,
};

interface DocumentRenderer<Document extends PartnerDocument> {
  /** The domain owns the full shape; this guards what the gateway itself and the renderer's first step read. */
  readonly guard: z.ZodType;
  readonly keys: (document: Document) => Partial<ExtractedKeys>;
  readonly render: (document: Document, options: AgreedOptions) => Rendered;
}

const ofAnOrder = z.looseObject({ purchaseOrderNumber: z.string(), lines: z.array(z.unknown()) });

/** THE table of what the hub can tell a partner: a kind of document request, and who writes it. */
const renderers: {
  readonly [Kind in PartnerDocument['kind']]: DocumentRenderer<Extract<PartnerDocument, { kind: Kind }>>;
} = {
  'order-answer': {
    guard: ofAnOrder,
    keys: ({ purchaseOrderNumber }) => ({ purchaseOrderNumber }),
    render: renderOrderAcknowledgment,
  },
  'change-answer': {
    guard: ofAnOrder,
    keys: ({ purchaseOrderNumber }) => ({ purchaseOrderNumber }),
    render: renderChangeAcknowledgment,
  },
  'ship-notice': {
    guard: ofAnOrder.extend({ shipmentNumber: z.string() }),
    keys: ({ purchaseOrderNumber, shipmentNumber }) => ({ purchaseOrderNumber, shipmentNumber }),
    render: (notice, options) =>
      renderShipNotice(notice, { ...options, bsnStructure: options.bsnStructure ?? '0001' }),
  },
  invoice: {
    guard: ofAnOrder.extend({ invoiceNumber: z.string(), shipmentNumber: z.string() }),
    keys: ({ purchaseOrderNumber, invoiceNumber, shipmentNumber }) => ({
      purchaseOrderNumber,
      invoiceNumber,
      shipmentNumber,
    }),
    render: renderInvoice,
  },
  'application-advice': {
    guard: z.looseObject({ adviceNumber: z.string(), originals: z.array(z.unknown()) }),
    keys: ({ originals }) => ({
      purchaseOrderNumber:
        originals.find(({ reference }) => reference.qualifier === 'PO')?.reference.value ?? null,
    }),
    render: renderApplicationAdvice,
  },
  'warehouse-shipping-order': {
    guard: z.looseObject({ depositorOrderNumber: z.string(), groups: z.array(z.unknown()) }),
    keys: ({ depositorOrderNumber, purchaseOrderNumber }) => ({
      shipmentNumber: depositorOrderNumber,
      purchaseOrderNumber: purchaseOrderNumber ?? null,
    }),
    render: renderWarehouseShippingOrder,
  },
  'stock-transfer-shipment-advice': {
    guard: z.looseObject({ lines: z.array(z.unknown()) }),
    keys: ({ shipmentNumber }) => ({ shipmentNumber: shipmentNumber ?? null }),
    render: renderStockTransferShipmentAdvice,
  },
  'price-catalog': {
    guard: z.looseObject({ items: z.array(z.unknown()) }),
    keys: () => ({}),
    render: renderPriceCatalog,
  },
  'inventory-advice': {
    guard: z.looseObject({ items: z.array(z.unknown()) }),
    keys: () => ({}),
    render: renderInventoryAdvice,
  },
  'order-status-report': {
    guard: z.looseObject({ number: z.string(), levels: z.array(z.unknown()) }),
    keys: ({ levels }) => ({ purchaseOrderNumber: levels[0]?.purchaseOrder?.number ?? null }),
    render: renderOrderStatusReport,
  },
  'credit-debit-adjustment': {
    guard: z.looseObject({ adjustmentNumber: z.string(), lines: z.array(z.unknown()) }),
    keys: ({ invoiceNumber, purchaseOrderNumber }) => ({
      invoiceNumber: invoiceNumber ?? null,
      purchaseOrderNumber: purchaseOrderNumber ?? null,
    }),
    render: renderCreditDebitAdjustment,
  },
  'return-authorization': {
    guard: z.looseObject({ number: z.string(), items: z.array(z.unknown()) }),
    keys: ({ purchaseOrder }) => ({ purchaseOrderNumber: purchaseOrder?.number ?? null }),
    render: renderReturnAuthorization,
  },
  'supplier-purchase-order': {
    guard: z.looseObject({ number: z.string(), lines: z.array(z.unknown()) }),
    keys: ({ number }) => ({ purchaseOrderNumber: number }),
    render: renderSupplierPurchaseOrder,
  },
  'supplier-order-cancellation': {
    guard: z.looseObject({ number: z.string(), lines: z.array(z.unknown()) }),
    keys: ({ number }) => ({ purchaseOrderNumber: number }),
    render: renderSupplierOrderCancellation,
  },
};

export type RenderedDocument =
  | {
      readonly kind: 'rendered';
      readonly draft: Extract<Rendered, { kind: 'rendered' }>['draft'];
      readonly keys: ExtractedKeys;
    }
  | { readonly kind: 'refused'; readonly text: string };

/** What a request holds, as the draft of its set; refused with the reason where it is no document or cannot be written. */
export function renderDocument(payload: unknown, options: AgreedOptions): RenderedDocument {
  const kind = z.looseObject({ kind: z.string() }).safeParse(payload);
  const renderer =
    kind.success && Object.hasOwn(renderers, kind.data.kind)
      ? (renderers[kind.data.kind as PartnerDocument['kind']] as DocumentRenderer<PartnerDocument>)
      : undefined;
  if (!renderer) return { kind: 'refused', text: 'the request holds no kind of document that the hub knows' };
  const guarded = renderer.guard.safeParse(payload);
  if (!guarded.success) {
    return {
      kind: 'refused',
      text: `the request's content is not a document: ${z.prettifyError(guarded.error)}`,
    };
  }
  const document = payload as PartnerDocument;
  const outcome = renderer.render(document, options);
  if (outcome.kind === 'refused') {
    return {
      kind: 'refused',
      text: outcome.problems.map(({ where, text }) => `${where}: ${text}`).join('; '),
    };
  }
  return { kind: 'rendered', draft: outcome.draft, keys: { ...NO_KEYS, ...renderer.keys(document) } };
}
