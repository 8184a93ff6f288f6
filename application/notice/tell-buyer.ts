import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { type NoticeType, noticeTypes } from '../../domain/order/notices';
import { noticesRule } from '../rules/notices';

export interface Telling {
  readonly orderId: string;
  readonly type: NoticeType;
  /** The same thing is told each receiver once. */
  readonly once: string;
  /** Sentences for people. */
  readonly text: string;
  /** For systems; no secret and no code is ever in it. */
  readonly data: Readonly<Record<string, unknown>>;
}

interface Facts {
  readonly order_number: string;
  readonly po_number: string;
  readonly customer_id: string;
  /** An address that the order itself names. */
  readonly notify: string | null;
  readonly rules: readonly unknown[];
}

/**
 * Tells the buyer by mail and webhooks: a row and a job for each receiver, in the transaction of what is told, so that
 * nothing is told that did not happen and nothing that happened stays untold.
 */
export async function tellBuyer(
  tx: Tx,
  { orderId, type, once, text, data }: Telling,
  now: string,
): Promise<void> {
  const { rows } = await tx.raw<{ rows: Facts[] }>(
    `select o.order_number, o.po_number, o.customer_id, o.request ->> 'notify' as notify,
       coalesce((select jsonb_agg(body) from (select distinct on (scope) body, withdrawn from rule
         where kind = 'notices' and scope in ('*', o.customer_id) and valid_from <= now() order by scope, version desc) r
         where not withdrawn), '[]') as rules
     from orders o where o.id = ?`,
    [orderId],
  );
  const [facts] = rows;
  if (!facts) return;
  const receivers = receiversOf(facts, type);
  if (receivers.length === 0) return;
  const kept = (await tx('notice')
    .insert(
      receivers.map((receiver) => ({
        ...receiver,
        order_id: orderId,
        type,
        once,
        at: now,
        subject: `Order ${facts.po_number} (${facts.order_number}): ${noticeTypes[type].subject}`,
        text,
        data: JSON.stringify({
          ...data,
          orderNumber: facts.order_number,
          purchaseOrderNumber: facts.po_number,
        }),
      })),
    )
    .onConflict(['order_id', 'once', 'via', 'address'])
    .ignore()
    .returning('id')) as { id: string }[];
  for (const { id } of kept) await addJob(tx, 'send-notice', { noticeId: id }, { key: id });
}

interface Receiver {
  readonly via: 'mail' | 'webhook';
  readonly address: string;
  readonly secret_name: string | null;
}

function receiversOf({ rules, notify }: Facts, type: NoticeType): readonly Receiver[] {
  const bodies = rules.map((body) => noticesRule.body.parse(body));
  const wants = ({ types }: { readonly types?: readonly string[] | undefined }) =>
    types === undefined || types.includes(type);
  const mail = [
    ...(notify === null ? [] : [notify]),
    ...bodies.flatMap((body) => body.mail.filter(wants).map(({ to }) => to)),
  ];
  const webhooks = bodies.flatMap((body) => body.webhooks.filter(wants));
  const receivers: readonly Receiver[] = [
    ...mail.map((address) => ({ via: 'mail' as const, address, secret_name: null })),
    ...webhooks.map(({ url, secret }) => ({ via: 'webhook' as const, address: url, secret_name: secret })),
  ];
  // The company and the customer may name the same one.
  return [...new Map(receivers.map((one) => [`${one.via} ${one.address}`, one])).values()];
}
