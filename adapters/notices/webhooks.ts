import { Webhook } from 'standardwebhooks';
import type { NoticeOutcome, NoticePort, OutgoingNotice } from '../../domain/order/notices';
import type { NoticeSettings } from './client';

/**
 * Standard Webhooks with CloudEvents bodies: signed, the id the same at every try. What answers 2xx has it; 410 says that
 * nobody listens there any more, and other 4xx that it will never be understood, but for those that say "later".
 */
export function createWebhooks({
  publicUrl,
  timeoutMs,
  production,
  secret,
}: Omit<NoticeSettings, 'mail'>): NoticePort {
  return {
    send: async (notice) => {
      const refused = whyNot(notice.address, production);
      if (refused !== null) return { kind: 'refused', reason: refused };
      const key = secret(notice.secretName ?? '');
      if (key === null)
        return { kind: 'refused', reason: `its secret ${notice.secretName ?? ''} is not configured` };
      return post(notice, key, { publicUrl, timeoutMs });
    },
  };
}

async function post(
  notice: OutgoingNotice,
  key: string,
  { publicUrl, timeoutMs }: Pick<NoticeSettings, 'publicUrl' | 'timeoutMs'>,
): Promise<NoticeOutcome> {
  const body = JSON.stringify({
    specversion: '1.0',
    id: notice.id,
    source: publicUrl,
    type: `order-hub.${notice.type}`,
    subject: notice.orderId,
    time: notice.at,
    datacontenttype: 'application/json',
    data: { ...notice.data, text: notice.text },
  });
  const at = new Date();
  const response = await fetch(notice.address, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': notice.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign(notice.id, at, body),
    },
    body,
  });
  await response.body?.cancel();
  if (response.ok) return { kind: 'sent' };
  const { status } = response;
  const isLater = status >= 500 || [408, 409, 425, 429].includes(status);
  if (isLater) throw new Error(`the webhook answered ${status}`);
  return { kind: 'refused', reason: `the webhook answered ${status}` };
}

/** What is told is the buyer's business: it leaves encrypted, but for a machine that tries things out. */
function whyNot(address: string, production: boolean): string | null {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return null;
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return isHere && !production ? null : 'a webhook is called over https only';
}
