import type { OrderRequest, UnhandledContent } from '../../domain/order/order-request';
import { mapPurchaseOrder, type OrderContext } from '../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../edi/mapping/purchase-order-change';
import { withHolds } from './judge-content';
import type { ReadSet, SetReader } from './set-readers';

/** 850 and 860: requests for the inbox of their purchase order. */
export const readOrderSet: SetReader = (
  { documentId, transaction, holds, answerWithinSeconds },
  agreement,
) => {
  const { customerId, entityId, partnerId, usage } = agreement;
  if (customerId === null || entityId === null) {
    return {
      kind: 'unhandled',
      text: `partner ${partnerId} has no customer: nobody knows whose order this is`,
    };
  }
  const context: OrderContext = { usage, entityId, customerId, partnerId, documentId };
  const mapped =
    transaction.set === '850'
      ? mapPurchaseOrder(transaction, context)
      : mapPurchaseOrderChange(transaction, context);
  if (mapped.kind === 'nothing') {
    // A purpose (07, 22) that by the standard asks for nothing; anything else that became nothing needs a person.
    return { kind: mapped.because === 'purpose' ? 'nothing' : 'unhandled', text: mapped.reason };
  }
  const { purchaseOrderNumber } = mapped.request;
  const common = { documentId, partnerId, usage, purchaseOrderNumber };
  return {
    kind: 'request',
    entry: { ...common, ...inboxPart(mapped, holds, answerWithinSeconds) },
  } satisfies ReadSet;
};

function inboxPart(
  mapped: Exclude<
    ReturnType<typeof mapPurchaseOrder> | ReturnType<typeof mapPurchaseOrderChange>,
    { readonly kind: 'nothing' }
  >,
  holds: readonly UnhandledContent[],
  answerWithinSeconds: number | null,
) {
  const within = answerWithinSeconds === null ? {} : { answerWithinSeconds };
  const orderOf = (request: OrderRequest) => ({ ...withHolds(request, holds), ...within });
  if (mapped.kind === 'order') return { kind: 'order', payload: orderOf(mapped.request) } as const;
  if ('change' in mapped) {
    return {
      kind: 'replace',
      payload: { request: orderOf(mapped.request), change: withHolds(mapped.change, holds) },
    } as const;
  }
  return { kind: 'change', payload: withHolds(mapped.request, holds) } as const;
}
