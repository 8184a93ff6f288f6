import type { Db } from '../../../db/connection';
import { addJob } from '../../../db/jobs';
import { insertAs2Receipt } from '../../../db/repositories/as2-messages';
import type { As2Dependencies } from './as2-dependencies';
import { type As2Channel, signingKey } from './channel-settings';
import type { DigestName } from './cms/algorithms';
import { receiptWish } from './message-integrity';
import { type Disposition, dispositionText, newMessageId, quoteAs2Id, receiptMessage } from './receipt';
import type { As2Message } from './receive-message';

/** What the HTTP answer is. */
export type ReceiptAnswer =
  | { readonly kind: 'receipt'; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }
  /** It will be sent to the address the partner named, or none was asked for. */
  | { readonly kind: 'later' }
  | { readonly kind: 'none' };

export interface Outcome {
  readonly as2MessageId: string;
  readonly disposition: Disposition;
  /** Base64 by digest; empty where the message was not understood. */
  readonly mics: Readonly<Record<string, string>>;
  readonly signedWith: DigestName | null;
  /** Its signature was verified: the sender is who it says it is. */
  readonly authenticated: boolean;
}

/** The receipt that the sender asked for, kept before it leaves; an asynchronous one gets its job. */
export async function giveReceipt(
  tx: Db,
  deps: As2Dependencies,
  channel: As2Channel,
  message: As2Message,
  outcome: Outcome,
): Promise<ReceiptAnswer> {
  const { headers } = message.entity;
  if (!headers.has('disposition-notification-to')) return { kind: 'none' };
  const now = deps.now();
  const wish = receiptWish(headers.get('disposition-notification-options'), outcome.signedWith);
  // RFC 4130 section 7.4.3: SHA-1 where the sender names nothing that we know.
  const digest = wish.micalg?.digest ?? outcome.signedWith ?? 'sha1';
  const mic = outcome.mics[digest];
  const receivedContentMic = mic === undefined ? null : `${mic}, ${wish.micalg?.spelling ?? digest}`;
  const signing = wish.signed ? { key: signingKey(channel, now), digest } : null;
  const receipt = receiptMessage(
    {
      originalMessageId: message.messageId,
      recipient: quoteAs2Id(channel.ownAs2Id),
      disposition: outcome.disposition,
      receivedContentMic,
    },
    signing,
    now,
  );
  const all = {
    'AS2-Version': '1.2',
    'AS2-From': quoteAs2Id(channel.ownAs2Id),
    'AS2-To': quoteAs2Id(channel.settings.partnerAs2Id),
    'Message-ID': newMessageId(channel.ownAs2Id),
    'MIME-Version': '1.0',
    ...receipt.headers,
  };
  const address = headers.get('receipt-delivery-option')?.trim();
  const refusal = address ? refusedAddress(address, channel, outcome.authenticated) : null;
  const row = {
    direction: 'out',
    as2_message_id: outcome.as2MessageId,
    headers: all,
    content: receipt.body,
    disposition: dispositionText(outcome.disposition),
    received_content_mic: receivedContentMic,
    created_at: now,
  } as const;
  if (!address) {
    await insertAs2Receipt(tx, { ...row, status: 'answered', status_text: null, url: null });
    return { kind: 'receipt', headers: all, body: receipt.body };
  }
  const id = await insertAs2Receipt(tx, {
    ...row,
    status: refusal ? 'refused' : 'due',
    status_text: refusal,
    url: address.slice(0, 2_000),
  });
  if (!refusal) await addJob(tx, 'send-as2-receipt', { receiptId: id }, { key: id });
  return { kind: 'later' };
}

/**
 * The address comes with the message. Where nobody vouches for the message it must be one of the partner's known
 * hosts: else anybody could have this hub call anything, the inside of its own network included.
 */
function refusedAddress(address: string, channel: As2Channel, authenticated: boolean): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'Receipt-Delivery-Option is no address.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `Receipts are sent to http and https addresses only, not to ${url.protocol}`;
  const { settings } = channel;
  const known = new Set([new URL(settings.url).hostname, ...settings.receiptHosts]);
  if (!authenticated && !known.has(url.hostname))
    return `The message proves no sender, and ${url.hostname} is none of the partner's known hosts (settings: receiptHosts).`;
  return null;
}
