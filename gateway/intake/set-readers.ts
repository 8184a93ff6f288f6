import type { Understood } from '../../application/partner/received-content';
import type { InboxEntry } from '../../db/repositories/order-inbox';
import type { UnhandledContent } from '../../domain/order/order-request';
import { readApplicationAdvice } from '../../edi/mapping/application-advice';
import { readCreditDebitAdjustment } from '../../edi/mapping/credit-debit-adjustment';
import {
  type FunctionalAcknowledgment,
  readFunctionalAcknowledgment,
} from '../../edi/mapping/functional-acknowledgment';
import { readInventoryAdvice } from '../../edi/mapping/inventory-advice';
import type { DocumentRead } from '../../edi/mapping/layout';
import { readOrderStatusInquiry, readOrderStatusReport } from '../../edi/mapping/order-status';
import { readPriceCatalog } from '../../edi/mapping/price-catalog';
import { readRemittanceAdvice } from '../../edi/mapping/remittance-advice';
import { readReturnAuthorization } from '../../edi/mapping/return-authorization';
import { readStockTransferReceiptAdvice } from '../../edi/mapping/stock-transfer-receipt-advice';
import { readStockTransferShipmentAdvice } from '../../edi/mapping/stock-transfer-shipment-advice';
import { readSupplierAnswer, readSupplierChangeAnswer } from '../../edi/mapping/supplier-answer';
import { readSupplierInvoice } from '../../edi/mapping/supplier-invoice';
import { readSupplierShipNotice } from '../../edi/mapping/supplier-ship-notice';
import { readWarehouseInventoryAdjustment } from '../../edi/mapping/warehouse-inventory-adjustment';
import { readWarehouseShippingAdvice } from '../../edi/mapping/warehouse-shipping-advice';
import { readWarehouseShippingOrder } from '../../edi/mapping/warehouse-shipping-order';
import { readWholeDocument } from '../../edi/mapping/whole-document';
import type { TransactionSet } from '../../edi/x12/model';
import type { InterchangeAgreement } from '../agreement';
import type { ContentKind } from './content-actions';
import { readOrderSet } from './read-order-sets';

/** A transaction set that was accepted and is to be processed. */
export interface AcceptedSet {
  readonly documentId: string;
  readonly transaction: TransactionSet;
  /** what its guide or its sense asks a person to look at first */
  readonly holds: readonly UnhandledContent[];
  /** of an order: within which its guide wants the answer; null where it names no time */
  readonly answerWithinSeconds: number | null;
}

/** What a set asks for. */
export type ReadSet =
  | { readonly kind: 'request'; readonly entry: InboxEntry }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: FunctionalAcknowledgment }
  /** Kept with the document; what acts on its kind works it in the order it came (content-actions.ts). */
  | { readonly kind: 'content'; readonly content: { readonly kind: ContentKind; readonly body: unknown } }
  /** By the standard it asks for nothing. */
  | { readonly kind: 'nothing'; readonly text: string }
  /** Nobody can tell what it asks for: a person must look. */
  | { readonly kind: 'unhandled'; readonly text: string };

/** Pure. Whatever the set holds, nothing is thrown. */
export type SetReader = (accepted: AcceptedSet, agreement: InterchangeAgreement) => ReadSet;

const readAcknowledgement: SetReader = ({ transaction }) => ({
  kind: 'acknowledgement',
  acknowledgement: readFunctionalAcknowledgment(transaction),
});

/** A set whose mapping reads it into a document of the domain. */
export function content(kind: ContentKind, read: (transaction: TransactionSet) => unknown): SetReader {
  return ({ transaction }) => ({ kind: 'content', content: { kind, body: read(transaction) } });
}

/**
 * A set whose mapping may find that it lacks what it must say; what found no field goes along with the document, for
 * whoever acts on it.
 */
export function understood(
  kind: ContentKind,
  read: (transaction: TransactionSet) => DocumentRead<unknown>,
): SetReader {
  return ({ transaction }) => {
    const outcome = read(transaction);
    if (outcome.kind === 'unreadable') {
      const problems = outcome.problems.map(({ at, text }) => `${text} (segment ${at.segment})`).join('; ');
      return { kind: 'unhandled', text: `it cannot be read: ${problems}` };
    }
    const body: Understood<unknown> = { document: outcome.document, unhandled: outcome.unhandled };
    return { kind: 'content', content: { kind, body } };
  };
}

/** THE table of inbound sets: ST01 and who reads it (edi/mapping, one file a set). */
const readers: Readonly<Record<string, SetReader>> = {
  '180': understood('return-authorization', readReturnAuthorization),
  '812': understood('credit-debit-adjustment', readCreditDebitAdjustment),
  '820': understood('remittance-advice', readRemittanceAdvice),
  '824': understood('application-advice', readApplicationAdvice),
  '850': readOrderSet,
  '860': readOrderSet,
  '997': readAcknowledgement,
  '999': readAcknowledgement,
  // Of a supplier: what the hub ordered there by 850.
  '810': understood('supplier-invoice', readSupplierInvoice),
  '855': understood('supplier-answer', readSupplierAnswer),
  '856': understood('supplier-ship-notice', readSupplierShipNotice),
  '865': understood('supplier-change-answer', readSupplierChangeAnswer),
  '832': content('price-catalog', readPriceCatalog),
  '846': content('inventory-advice', readInventoryAdvice),
  '869': understood('order-status-inquiry', readOrderStatusInquiry),
  '870': understood('order-status-report', readOrderStatusReport),
  '940': content('warehouse-shipping-order', readWarehouseShippingOrder),
  '943': content('stock-transfer-shipment-advice', readStockTransferShipmentAdvice),
  '944': content('stock-transfer-receipt-advice', readStockTransferReceiptAdvice),
  '945': content('warehouse-shipping-advice', readWarehouseShippingAdvice),
  '947': content('warehouse-inventory-adjustment', readWarehouseInventoryAdjustment),
};

/** Kept whole, segment by segment: a set without a mapping of its own still loses nothing. */
const readAnything = content('document', readWholeDocument);

export function readSet(accepted: AcceptedSet, agreement: InterchangeAgreement): ReadSet {
  return (readers[accepted.transaction.set] ?? readAnything)(accepted, agreement);
}
