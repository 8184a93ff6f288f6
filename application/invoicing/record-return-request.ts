import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import { requestDocument } from '../../db/repositories/document-requests';
import type { Usage } from '../../domain/order/order-request';
import type { ReturnAuthorization, ReturnItem } from '../../domain/returns/return-authorization';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import type { ActOnContent, Received, Understood } from '../partner/received-content';
import { drawNumber } from '../record/draw-number';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';
import { raiseUnread } from '../record/raise-unread';

/** 180 in: what a customer wants to send back waits for customer service, who authorizes or refuses it. */
export const recordReturnRequest: ActOnContent<Understood<ReturnAuthorization>> = async (
  tx,
  received,
  now,
) => {
  const { document: request, unhandled } = received.body;
  const partner = (await tx('partner').where({ id: received.partnerId }).first('customer_id')) as {
    customer_id: string | null;
  };
  if (partner.customer_id === null) {
    return aside(received, 'the partner has no customer, so nobody knows whose goods they are', now);
  }
  const content = toJson(request);
  const orderId = await orderOf(tx, partner.customer_id, received.usage, request);
  const [row] = (await tx('return_request')
    .insert({
      document_id: received.documentId,
      partner_id: received.partnerId,
      customer_id: partner.customer_id,
      usage: received.usage,
      request_number: request.number,
      order_id: orderId,
      content,
      received_at: received.receivedAt,
    })
    .onConflict(['partner_id', 'usage', 'request_number'])
    .ignore()
    .returning('id')) as { id: string }[];
  if (!row) {
    const same = await tx('return_request')
      .where({ partner_id: received.partnerId, usage: received.usage, request_number: request.number })
      .whereRaw('content = cast(? as jsonb)', [content])
      .first('id');
    return same
      ? { kind: 'kept', note: `return ${request.number} is recorded already` }
      : aside(received, `its number ${request.number} came before with other content`, now);
  }
  const text = `wants to return ${itemsText(request.items)} (180 ${request.number}${purposeText(request)})`;
  await raiseException(tx, {
    kind: 'return-requested',
    subjectKey: row.id,
    text: `${received.partnerId} ${text}${orderId === null ? ', for no order that the hub knows' : ''}. Authorize or refuse it.`,
    ownerRole: 'customer-service',
    dueAt: addSeconds(now, 2 * 24 * 3600),
    documentId: received.documentId,
    ...(orderId === null ? {} : { orderId }),
    data: { returnRequestId: row.id },
  });
  if (orderId !== null) {
    await recordEvents(tx, [
      {
        orderId,
        at: now,
        kind: 'return-requested',
        actor: received.partnerId,
        text: `The customer ${text}`,
        data: { returnRequestId: row.id },
      },
    ]);
  }
  await raiseUnread(tx, received, unhandled, 'customer-service', now);
  return { kind: 'done', note: 'waits for customer service', ...(orderId === null ? {} : { orderId }) };
};

export type ReturnDecision =
  | { readonly kind: 'answered'; readonly returnNumber: string | null }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-return' | 'already-answered';
      readonly text: string;
    };

/** Customer service authorizes or refuses a requested return; the partner gets its 180. */
export async function answerReturnRequest(
  tx: Tx,
  answer: {
    readonly returnRequestId: string;
    readonly authorize: boolean;
    /** For the partner to read. */
    readonly text: string;
    /** Element 1294, where a code says it. */
    readonly reason?: string;
    readonly person: string;
  },
  now: string,
): Promise<ReturnDecision> {
  const row = (await tx('return_request').where({ id: answer.returnRequestId }).forUpdate().first()) as
    | ReturnRow
    | undefined;
  if (!row) {
    return {
      kind: 'refused',
      code: 'unknown-return',
      text: `There is no return request ${answer.returnRequestId}`,
    };
  }
  if (row.status !== 'open') {
    const text = `${row.answered_by ?? 'Somebody'} answered it already`;
    return { kind: 'refused', code: 'already-answered', text };
  }
  const entity = (await tx('customer as c')
    .join('selling_entity as e', 'e.id', 'c.entity_id')
    .where({ 'c.id': row.customer_id })
    .first('e.id as id', 'e.time_zone as time_zone')) as { id: string; time_zone: string };
  const returnNumber = answer.authorize
    ? await drawNumber(tx, { entityId: entity.id, kind: 'return', usage: row.usage })
    : null;
  const date = localDateIn(now, entity.time_zone);
  const document = answerDocument(row.content, { ...answer, returnNumber, date });
  await tx('return_request')
    .where({ id: row.id })
    .update({
      status: answer.authorize ? 'authorized' : 'refused',
      return_number: returnNumber,
      answer: toJson(document),
      answered_by: answer.person,
      answered_at: now,
    });
  await requestDocument(tx, {
    subject: `return/${row.id}/180`,
    partnerId: row.partner_id,
    set: '180',
    usage: row.usage,
    payload: document,
    ...(row.order_id === null ? {} : { orderId: row.order_id }),
  });
  const said = answer.authorize ? `authorized as ${returnNumber ?? ''}` : 'refused';
  await clearException(tx, 'return-requested', row.id, `${answer.person}: ${said}`, now);
  return { kind: 'answered', returnNumber };
}

interface ReturnRow {
  readonly id: string;
  readonly partner_id: string;
  readonly customer_id: string;
  readonly usage: Usage;
  readonly order_id: string | null;
  readonly status: string;
  readonly answered_by: string | null;
  readonly content: ReturnAuthorization;
}

/** What was asked for, with our number (N9 RZ) and our word on it (RDR). */
function answerDocument(
  request: ReturnAuthorization,
  answer: {
    readonly returnNumber: string | null;
    readonly text: string;
    readonly reason?: string;
    readonly date: string;
  },
): ReturnAuthorization {
  const rma = answer.returnNumber === null ? [] : [{ qualifier: 'RZ', value: answer.returnNumber }];
  return {
    ...request,
    // 11: response.
    purpose: '11',
    number: answer.returnNumber ?? request.number,
    date: answer.date,
    referenceNumber: request.number,
    disposition: {
      ...request.disposition,
      ...(answer.reason === undefined ? {} : { responseReason: answer.reason }),
      text: answer.text,
    },
    references: [...rma, ...request.references.filter(({ qualifier }) => qualifier !== 'RZ')],
  };
}

async function orderOf(
  tx: Tx,
  customerId: string,
  usage: Usage,
  { purchaseOrder, references, items }: ReturnAuthorization,
): Promise<string | null> {
  const number =
    purchaseOrder?.number ??
    references.find(({ qualifier }) => qualifier === 'PO')?.value ??
    items.find((item) => item.purchaseOrder !== undefined)?.purchaseOrder?.number;
  if (number === undefined) return null;
  const order = (await tx('orders')
    .where({ customer_id: customerId, usage, po_number: number })
    .orderBy('id', 'desc')
    .first('id')) as { id: string } | undefined;
  return order?.id ?? null;
}

const SHOWN = 5;

function itemsText(items: readonly ReturnItem[]): string {
  if (items.length === 0) return 'goods that it does not name';
  const texts = items.slice(0, SHOWN).map(({ productIds, quantity, quantities, unit, disposition }) => {
    const amount = quantity ?? quantities[0]?.quantity ?? '';
    const why = disposition?.text ?? disposition?.requestReason;
    const what = productIds.map(({ value }) => value).join('/');
    return [amount, unit ?? '', what, why === undefined ? '' : `(${why})`].filter(Boolean).join(' ');
  });
  return `${texts.join(', ')}${items.length > SHOWN ? ` and ${items.length - SHOWN} more` : ''}`;
}

/** BGN01 13 asks; anything else is said, so that nobody takes a cancellation for a request. */
function purposeText({ purpose }: ReturnAuthorization): string {
  return purpose === '13' ? '' : `, purpose ${purpose}`;
}

function aside({ partnerId }: Received<unknown>, why: string, now: string) {
  return {
    kind: 'set-aside' as const,
    exception: {
      kind: 'return-not-recorded',
      text: `The return request (180) of ${partnerId} is not recorded: ${why}.`,
      ownerRole: 'customer-service',
      dueAt: addSeconds(now, 8 * 3600),
    },
  };
}
