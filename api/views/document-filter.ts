import type { DocumentFilter, KeyFilter } from '../../db/repositories/document-views';
import { parseOrderId } from '../../domain/shared/ids';
import { type DocumentKeyKind, documentKeyKinds, keyValue, ssccValue } from '../../edi/archive/document-keys';
import type { ListDocumentsQuery } from '../contract/documents';

const DAY_MS = 86_400_000;

const kindsByName = {
  purchaseOrderNumber: 'purchase-order',
  invoiceNumber: 'invoice',
  shipmentNumber: 'shipment',
  sscc: 'sscc',
  item: 'item',
  reference: 'reference',
} as const satisfies Readonly<Record<string, DocumentKeyKind>>;

const key = (kind: DocumentKeyKind, text: string): KeyFilter => ({
  kind,
  value: kind === 'sscc' ? ssccValue(text) : keyValue(text),
});

/** What was asked for, in the words of the archive. */
export function documentFilter(query: ListDocumentsQuery): DocumentFilter {
  const { set, partner, order, interchange, direction, usage, validation, delivery, acknowledgement } = query;
  const columns = {
    direction,
    setId: set,
    partnerId: partner,
    orderId: order === undefined ? undefined : parseOrderId(order),
    interchangeId: interchange,
    usage,
    validation,
    delivery,
    acknowledgement,
  };
  return {
    columns: Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)),
    keys: Object.entries(kindsByName).flatMap(([name, kind]) => {
      const text = query[name as keyof typeof kindsByName];
      return text === undefined ? [] : [key(kind, text)];
    }),
    ...(query.controlNumber !== undefined && { controlNumber: query.controlNumber }),
    ...(query.search !== undefined && {
      search: {
        keys: documentKeyKinds.map((kind) => key(kind, query.search ?? '')),
        controlNumber: query.search,
      },
    }),
    ...(query.from !== undefined && { from: `${query.from}T00:00:00.000Z` }),
    ...(query.until !== undefined && {
      until: new Date(Date.parse(`${query.until}T00:00:00.000Z`) + DAY_MS).toISOString(),
    }),
  };
}
