import { clearException, raiseException } from '../../../application/record/raise-exception';
import type { Db } from '../../../db/connection';
import { storableText } from '../../../db/json';
import {
  insertAs2Receipt,
  type SentMessage,
  sentMessage,
  settleAs2Message,
} from '../../../db/repositories/as2-messages';
import { markTransmitted } from '../../../db/repositories/outbox';
import { addSeconds } from '../../../domain/shared/dates';
import type { As2Dependencies } from './as2-dependencies';
import { As2Failure } from './as2-failure';
import { type As2Channel, verificationCertificates } from './channel-settings';
import { parseMic } from './message-integrity';
import type { MimeEntity } from './mime-entity';
import { isReport, isTaken, type ReadReceipt, readReceipt } from './receipt';
import { unwrapMessage } from './unwrap-message';

/** What a receipt says about a message of ours. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** The partner has it and did not take it, or has something else than we sent. */
  | { readonly kind: 'failed'; readonly reason: string; readonly text: string };

export interface ProvenReceipt extends ReadReceipt {
  readonly signed: boolean;
}

/**
 * A receipt whose signature is the partner's. An unsigned one is believed only where signed ones were not agreed.
 * @throws As2Failure
 */
export async function provenReceipt(
  channel: As2Channel,
  entity: MimeEntity,
  now: string,
): Promise<ProvenReceipt> {
  const unwrapped = await unwrapMessage(entity, {
    keys: channel.keys,
    certificates: verificationCertificates(channel),
    now,
    limitBytes: 1024 * 1024,
  });
  if (!isReport(unwrapped.entity))
    throw new As2Failure('unexpected-processing-error', 'What came is no receipt (multipart/report).');
  if (channel.settings.mdn.signed && !unwrapped.signature)
    throw new As2Failure('authentication-failed', 'The receipt is not signed.');
  return { ...readReceipt(unwrapped.entity), signed: unwrapped.signature !== null };
}

/** RFC 4130 section 7.4.3: a message is delivered when it was processed and the partner's digest is ours. */
export function judgeReceipt(
  receipt: ReadReceipt,
  sent: Pick<SentMessage, 'mics'>,
  micDemanded: boolean,
): Verdict {
  if (!isTaken(receipt.disposition)) {
    const modifier = receipt.disposition.split(/:/).at(-1)?.trim() || 'no disposition';
    const said = receipt.text ? ` It says: ${receipt.text}` : '';
    return {
      kind: 'failed',
      reason: modifier.slice(0, 100),
      text: `The partner did not take the message: ${receipt.disposition}.${said}`,
    };
  }
  if (receipt.receivedContentMic === null) {
    return micDemanded
      ? {
          kind: 'failed',
          reason: 'mic-missing',
          text: 'The receipt does not say what was received (no MIC).',
        }
      : { kind: 'delivered' };
  }
  const { mic, digest } = parseMic(receipt.receivedContentMic);
  if (digest !== undefined && sent.mics[digest] === mic) return { kind: 'delivered' };
  return {
    kind: 'failed',
    reason: 'mic-mismatch',
    text: `The partner received something else than was sent: its digest is ${receipt.receivedContentMic}.`,
  };
}

/** Keeps a receipt with the message it is about, and what follows for that and its interchange. */
export async function settleByReceipt(
  tx: Db,
  sent: SentMessage,
  entity: MimeEntity,
  receipt: ReadReceipt,
  verdict: Verdict,
  now: string,
): Promise<void> {
  await keepReceipt(tx, sent.id, entity, { status: 'accepted', receipt, text: null }, now);
  await settleAs2Message(tx, sent.id, {
    status: verdict.kind,
    reason: verdict.kind === 'failed' ? storableText(verdict.reason) : null,
    reason_text: verdict.kind === 'failed' ? storableText(verdict.text) : null,
    receipt_due_at: null,
    settled_at: now,
  });
  await clearException(tx, 'as2-receipt-overdue', sent.id, 'The receipt came', now);
  if (!sent.interchange_id) return;
  if (verdict.kind === 'failed') await raiseNotTaken(tx, sent, verdict.text, now);
  else await clearException(tx, 'as2-not-taken', sent.interchange_id, 'It was taken now', now);
}

async function raiseNotTaken(tx: Db, sent: SentMessage, text: string, now: string): Promise<void> {
  await raiseException(tx, {
    kind: 'as2-not-taken',
    subjectKey: sent.interchange_id ?? sent.id,
    text: `${storableText(text)} Mend the cause with the partner, then retransmit.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    data: { as2MessageId: sent.id, messageId: sent.message_id, interchangeId: sent.interchange_id },
  });
}

export async function keepReceipt(
  db: Db,
  as2MessageId: string,
  entity: MimeEntity,
  judged: {
    readonly status: 'accepted' | 'refused';
    readonly receipt: ReadReceipt | null;
    readonly text: string | null;
  },
  now: string,
): Promise<void> {
  await insertAs2Receipt(db, {
    direction: 'in',
    as2_message_id: as2MessageId,
    headers: Object.fromEntries(entity.headers),
    content: entity.body.subarray(0, 1024 * 1024),
    disposition: storableText(judged.receipt?.disposition ?? '').slice(0, 500),
    received_content_mic: judged.receipt?.receivedContentMic
      ? storableText(judged.receipt.receivedContentMic).slice(0, 500)
      : null,
    status: judged.status,
    status_text: judged.text === null ? null : storableText(judged.text),
    url: null,
    created_at: now,
  });
}

/**
 * A receipt that came to /as2 by itself. What is not proven changes nothing: else anybody could say that a message
 * arrived. One for a message that is settled changes nothing either.
 */
export async function acceptReceipt(
  deps: As2Dependencies,
  channel: As2Channel,
  entity: MimeEntity,
): Promise<{ readonly accepted: boolean; readonly text: string }> {
  const now = deps.now();
  let receipt: ProvenReceipt;
  try {
    receipt = await provenReceipt(channel, entity, now);
  } catch (error) {
    if (!(error instanceof As2Failure)) throw error;
    await raiseUnproven(deps.db, channel, error.message, now);
    return { accepted: false, text: `The receipt was not accepted. ${error.message}` };
  }
  const originalMessageId = receipt.originalMessageId ?? '';
  return deps.db.transaction(async (tx) => {
    const sent = await sentMessage(tx, channel.id, originalMessageId);
    if (!sent) return { accepted: false, text: 'No message was sent with this Original-Message-ID.' };
    if (sent.status === 'delivered' || sent.status === 'failed')
      return { accepted: true, text: 'The message has its receipt already.' };
    const verdict = judgeReceipt(receipt, sent, channel.settings.mdn.signed);
    await settleByReceipt(tx, sent, entity, receipt, verdict, now);
    if (sent.interchange_id)
      await markTransmitted(
        tx,
        sent.interchange_id,
        verdict.kind === 'delivered' ? 'delivered' : 'undeliverable',
        now,
      );
    return { accepted: true, text: 'Thank you.' };
  });
}

async function raiseUnproven(db: Db, channel: As2Channel, text: string, now: string): Promise<void> {
  await raiseException(db, {
    kind: 'as2-receipt-unproven',
    subjectKey: channel.id,
    text: `A receipt came for channel ${channel.id} that does not prove its sender: ${storableText(text)} It was not believed.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    data: { channelId: channel.id },
  });
}
