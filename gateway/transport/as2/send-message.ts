import { clearException, raiseException } from '../../../application/record/raise-exception';
import type { Db } from '../../../db/connection';
import { storableText } from '../../../db/json';
import {
  awaitReceipt,
  beginAttempt,
  insertAs2Message,
  lastMessageWith,
  type SentMessage,
  settleAs2Message,
  transmissionsOf,
} from '../../../db/repositories/as2-messages';
import type { UnsentInterchange } from '../../../db/repositories/outbox';
import { addSeconds } from '../../../domain/shared/dates';
import type { ChannelSender } from '../../outbound/send-interchanges';
import type { As2Dependencies } from './as2-dependencies';
import { As2Failure } from './as2-failure';
import {
  type As2Channel,
  As2ChannelFault,
  encryptionCertificate,
  openChannel,
  raiseChannelFault,
  signingKey,
} from './channel-settings';
import { judgeReceipt, keepReceipt, provenReceipt, settleByReceipt } from './match-receipt';
import { micsOf } from './message-integrity';
import { httpEntity, type MimeEntity } from './mime-entity';
import { newMessageId, quoteAs2Id } from './receipt';
import { reasonOf } from './send-receipt';
import { wrapMessage } from './wrap-message';

const MOST_RECEIPT_BYTES = 1024 * 1024;
/** After so many tries without an answer somebody is told; the tries go on. */
const TELL_AFTER_ATTEMPTS = 3;

type Outcome = 'delivered' | 'sent' | 'undeliverable';
type Outgoing = SentMessage & { readonly content: Buffer };

/** Nothing was acknowledged: the same message goes out again later. */
class NotAcknowledged extends Error {
  readonly reason: string;
  constructor(reason: string, text: string) {
    super(text);
    this.name = 'NotAcknowledged';
    this.reason = reason;
  }
}

/**
 * Sends interchanges as AS2 messages. What is tried is kept outside the caller's transaction, so that the evidence stays
 * when a try fails.
 */
export function createAs2Sender(deps: As2Dependencies): ChannelSender {
  return {
    async send(interchange, stored, channelId) {
      try {
        return await sendMessage(deps, openChannel(channelId, stored, deps), interchange);
      } catch (error) {
        if (error instanceof As2ChannelFault) await raiseChannelFault(deps.db, error, deps.now());
        throw error;
      }
    },
  };
}

async function sendMessage(
  deps: As2Dependencies,
  channel: As2Channel,
  interchange: UnsentInterchange,
): Promise<Outcome> {
  const { db } = deps;
  const transmission = await transmissionsOf(db, interchange.id);
  const last = await lastMessageWith(db, interchange.id);
  const settled = last?.status === 'delivered' || last?.status === 'failed';
  // The receipt was kept and this process ended before its interchange was marked.
  if (last && settled && last.transmission === transmission)
    return last.status === 'delivered' ? 'delivered' : 'undeliverable';
  // A Message-ID again only where nothing was acknowledged: then the partner can tell that it is the same message.
  const message = last && !settled ? last : await prepareMessage(deps, channel, interchange);
  const attempts = await beginAttempt(db, message.id, transmission);
  try {
    const outcome = await exchange(deps, channel, message);
    await clearException(db, 'as2-unanswered', channel.id, 'The partner answers', deps.now());
    return outcome;
  } catch (error) {
    if (error instanceof NotAcknowledged) await noteUnanswered(deps, channel, message, { error, attempts });
    throw error;
  }
}

async function prepareMessage(
  deps: As2Dependencies,
  channel: As2Channel,
  interchange: UnsentInterchange,
): Promise<Outgoing> {
  const { settings, ownAs2Id } = channel;
  const now = deps.now();
  const fileName = `${interchange.control_number}.edi`;
  const { signature, encryption } = settings;
  const { headers, body, micContent } = await wrapMessage(
    {
      // RFC 1767 section 5.
      headers: {
        'Content-Type': 'application/edi-x12',
        'Content-Transfer-Encoding': 'binary',
        'Content-Disposition': `attachment; filename="${fileName}"`,
      },
      body: interchange.content,
    },
    {
      signature: signature ? { key: signingKey(channel, now), digest: signature } : null,
      encryption: encryption
        ? {
            to: encryptionCertificate(channel, now),
            cipher: encryption,
            keyTransport: settings.keyTransport,
          }
        : null,
      compression: settings.compression,
      now,
    },
  );
  const messageId = newMessageId(ownAs2Id);
  const all = {
    'AS2-Version': '1.2',
    'AS2-From': quoteAs2Id(ownAs2Id),
    'AS2-To': quoteAs2Id(settings.partnerAs2Id),
    'Message-ID': messageId,
    Subject: `EDI ${interchange.control_number}`,
    'MIME-Version': '1.0',
    ...receiptHeaders(channel),
    ...headers,
  };
  const row = {
    direction: 'out',
    channel_id: channel.id,
    message_id: messageId,
    as2_from: ownAs2Id,
    as2_to: settings.partnerAs2Id,
    status: 'sending',
    reason: null,
    reason_text: null,
    arrival_id: null,
    interchange_id: interchange.id,
    headers: all,
    content: body,
    size: body.byteLength,
    mics: micsOf(micContent),
    signed_by: null,
    created_at: now,
    settled_at: null,
  } as const;
  const id = await insertAs2Message(deps.db, row);
  if (id === null) throw new Error(`the Message-ID ${messageId} was used before`);
  return { ...row, id };
}

/** RFC 4130 section 7.3. */
function receiptHeaders({ settings, ownAs2Id }: As2Channel): Record<string, string> {
  const { mode, signed, url } = settings.mdn;
  if (mode === 'none') return {};
  const digest = settings.signature ?? 'sha256';
  return {
    'Disposition-Notification-To': url ?? quoteAs2Id(ownAs2Id),
    ...(signed
      ? {
          'Disposition-Notification-Options': `signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, ${digest}`,
        }
      : {}),
    ...(mode === 'async' && url ? { 'Receipt-Delivery-Option': url } : {}),
  };
}

async function exchange(deps: As2Dependencies, channel: As2Channel, message: Outgoing): Promise<Outcome> {
  const { settings } = channel;
  const answer = await post(settings.url, settings.timeoutMs, message);
  const now = deps.now();
  if (settings.mdn.mode === 'none') {
    await settleAs2Message(deps.db, message.id, { status: 'delivered', reason: null, settled_at: now });
    return 'delivered';
  }
  if (settings.mdn.mode === 'async') {
    const dueAt = addSeconds(now, settings.mdn.waitMinutes * 60);
    const status = await awaitReceipt(deps.db, message.id, dueAt);
    if (status === 'delivered') return 'delivered';
    return status === 'failed' ? 'undeliverable' : 'sent';
  }
  return settleNow(deps, channel, message, answer);
}

async function settleNow(
  deps: As2Dependencies,
  channel: As2Channel,
  message: Outgoing,
  answer: MimeEntity,
): Promise<Outcome> {
  const now = deps.now();
  const refuse = async (reason: string, text: string): Promise<never> => {
    await keepReceipt(deps.db, message.id, answer, { status: 'refused', receipt: null, text }, now);
    throw new NotAcknowledged(reason, text);
  };
  if (answer.body.byteLength === 0)
    throw new NotAcknowledged('no-receipt', 'The partner answered without the receipt that was asked for.');
  let receipt: Awaited<ReturnType<typeof provenReceipt>>;
  try {
    receipt = await provenReceipt(channel, answer, now);
  } catch (error) {
    if (!(error instanceof As2Failure)) throw error;
    return refuse('receipt-unproven', `The receipt was not believed. ${error.message}`);
  }
  if (receipt.originalMessageId !== message.message_id)
    return refuse('receipt-mismatch', `The receipt is about ${receipt.originalMessageId}, another message.`);
  const verdict = judgeReceipt(receipt, message, channel.settings.mdn.signed);
  await deps.db.transaction((tx) => settleByReceipt(tx, message, answer, receipt, verdict, now));
  return verdict.kind === 'delivered' ? 'delivered' : 'undeliverable';
}

async function post(url: string, timeoutMs: number, message: Outgoing): Promise<MimeEntity> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...message.headers, 'User-Agent': 'order-hub' },
      body: new Uint8Array(message.content),
      redirect: 'manual',
      signal,
    });
    const body = await readAnswer(response);
    if (!response.ok) {
      const said = body.toString('utf8', 0, 300).replace(/\s+/g, ' ').trim();
      throw new NotAcknowledged(
        `http-${response.status}`,
        `The partner's address answered ${response.status}${said ? `: ${said}` : ''}.`,
      );
    }
    return httpEntity(Object.fromEntries(response.headers), body);
  } catch (error) {
    if (error instanceof NotAcknowledged) throw error;
    const timedOut = (error as Error).name === 'TimeoutError';
    throw new NotAcknowledged(
      timedOut ? 'timeout' : 'unreachable',
      timedOut
        ? `The partner did not answer within ${timeoutMs} ms.`
        : `The partner's address could not be reached: ${reasonOf(error)}.`,
    );
  }
}

async function readAnswer(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > MOST_RECEIPT_BYTES)
      throw new NotAcknowledged('no-receipt', 'The answer is too large for a receipt.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function noteUnanswered(
  { db, now }: { readonly db: Db; readonly now: () => string },
  channel: As2Channel,
  message: Outgoing,
  { error, attempts }: { readonly error: NotAcknowledged; readonly attempts: number },
): Promise<void> {
  const text = storableText(error.message);
  // A receipt that came on its own meanwhile is worth more than the answer that did not come.
  await db('as2_message')
    .where({ id: message.id })
    .whereIn('status', ['sending', 'awaiting-receipt'])
    .update({ reason: error.reason, reason_text: text });
  if (attempts < TELL_AFTER_ATTEMPTS) return;
  await raiseException(db, {
    kind: 'as2-unanswered',
    subjectKey: channel.id,
    text: `Channel ${channel.id} has tried ${attempts} times to send ${message.message_id}. ${text} Its interchanges wait.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now(), 3600),
    data: { channelId: channel.id, as2MessageId: message.id },
  });
}
