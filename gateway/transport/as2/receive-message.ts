import type { Db } from '../../../db/connection';
import { storableText } from '../../../db/json';
import { insertAs2Message, onlyPartnerOf, takenMessage } from '../../../db/repositories/as2-messages';
import { receiveArrival, SenderNotAllowed } from '../../intake/receive-arrival';
import { AS2_LIMIT_BYTES, type As2Dependencies } from './as2-dependencies';
import { As2Failure } from './as2-failure';
import { type As2Channel, verificationCertificates } from './channel-settings';
import { giveReceipt, type ReceiptAnswer } from './give-receipt';
import { micsOf, receiptWish } from './message-integrity';
import { contentTypeOf, decodedBody, type MimeEntity } from './mime-entity';
import { type Unwrapped, unwrapMessage } from './unwrap-message';

/** Of a message that was not taken this much is kept as evidence: AS2 ids are no secret, and anybody may send one. */
const FAILED_KEPT_BYTES = 1024 * 1024;

export interface As2Message {
  readonly messageId: string;
  /** The fields of the HTTP request are the header of the message (RFC 4130 section 4). */
  readonly entity: MimeEntity;
}

type Opened =
  | { readonly kind: 'content'; readonly unwrapped: Unwrapped; readonly payload: Buffer }
  | { readonly kind: 'failed'; readonly failure: As2Failure };

/** Another request with the same Message-ID was faster. */
class TakenMeanwhile extends Error {}

/**
 * Takes a message: its content, the message itself and the receipt are kept in one transaction, and only then does the
 * sender hear of it. A fault of ours (no database) is thrown and answered without a receipt, so that the partner sends
 * again.
 */
export async function receiveMessage(
  deps: As2Dependencies,
  channel: As2Channel,
  message: As2Message,
): Promise<ReceiptAnswer> {
  const taken = await takenMessage(deps.db, channel.id, message.messageId);
  if (taken) return repeatReceipt(deps, channel, message);
  const opened = await openMessage(deps, channel, message);
  try {
    return await deps.db.transaction((tx) => keepMessage(tx, deps, channel, message, opened));
  } catch (error) {
    if (error instanceof TakenMeanwhile) return repeatReceipt(deps, channel, message);
    throw error;
  }
}

/** A Message-ID that was taken is answered again and nothing else happens (RFC 4130 section 5.5 asks for its uniqueness). */
async function repeatReceipt(
  deps: As2Dependencies,
  channel: As2Channel,
  message: As2Message,
): Promise<ReceiptAnswer> {
  return deps.db.transaction(async (tx) => {
    const taken = await takenMessage(tx, channel.id, message.messageId);
    if (!taken) throw new Error(`the message ${message.messageId} is gone`);
    return giveReceipt(tx, deps, channel, message, {
      as2MessageId: taken.id,
      disposition: { kind: 'duplicate' },
      // Of what was taken: a sender that used the id for something else will see the difference.
      mics: taken.mics,
      signedWith: null,
      authenticated: false,
    });
  });
}

async function openMessage(
  deps: As2Dependencies,
  channel: As2Channel,
  { entity }: As2Message,
): Promise<Opened> {
  try {
    const unwrapped = await unwrapMessage(entity, {
      keys: channel.keys,
      certificates: verificationCertificates(channel),
      now: deps.now(),
      limitBytes: deps.limitBytes ?? AS2_LIMIT_BYTES,
    });
    demandSecurity(channel, unwrapped);
    demandWishes(entity, unwrapped);
    const { value: type } = contentTypeOf(unwrapped.entity);
    if (type.startsWith('multipart/'))
      throw new As2Failure('unsupported format', `One document a message is taken here, not ${type}.`);
    return { kind: 'content', unwrapped, payload: decodedBody(unwrapped.entity, 'the content') };
  } catch (error) {
    if (error instanceof As2Failure) return { kind: 'failed', failure: error };
    const text = 'The message could not be read.';
    return {
      kind: 'failed',
      failure: new As2Failure('unexpected-processing-error', text, { cause: error }),
    };
  }
}

function demandSecurity(channel: As2Channel, { signature, encrypted }: Unwrapped): void {
  const { inbound } = channel.settings;
  const missing = [
    ...(inbound.signed && !signature ? ['signed'] : []),
    ...(inbound.encrypted && !encrypted ? ['encrypted'] : []),
  ];
  if (missing.length > 0)
    throw new As2Failure(
      'insufficient-message-security',
      `It was agreed that messages are ${missing.join(' and ')}; this one is not.`,
    );
}

/** RFC 4130 section 7.3: what the sender says is required and we cannot do fails the message. */
function demandWishes(entity: MimeEntity, { signature }: Unwrapped): void {
  const wish = receiptWish(entity.headers.get('disposition-notification-options'), signature?.digest ?? null);
  if (wish.unsupported === 'protocol')
    throw new As2Failure('unsupported format', 'Receipts are signed by pkcs7-signature here.');
  if (wish.unsupported === 'micalg')
    throw new As2Failure('unsupported MIC-algorithms', 'SHA-1, SHA-256, SHA-384 and SHA-512 are known here.');
}

async function keepMessage(
  tx: Db,
  deps: As2Dependencies,
  channel: As2Channel,
  message: As2Message,
  given: Opened,
): Promise<ReceiptAnswer> {
  const { arrivalId, opened } = await archiveContent(tx, deps, channel, given);
  const now = deps.now();
  const unwrapped = opened.kind === 'content' ? opened.unwrapped : null;
  const failure = opened.kind === 'failed' ? opened.failure : null;
  const mics = unwrapped ? micsOf(unwrapped.micContent) : {};
  const { body, headers } = message.entity;
  const id = await insertAs2Message(tx, {
    direction: 'in',
    channel_id: channel.id,
    message_id: message.messageId,
    as2_from: channel.settings.partnerAs2Id,
    as2_to: channel.ownAs2Id,
    status: failure ? 'failed' : 'processed',
    reason: failure?.modifier ?? null,
    reason_text: failure ? storableText(failure.message) : null,
    arrival_id: arrivalId,
    interchange_id: null,
    headers: Object.fromEntries(headers),
    content: failure ? body.subarray(0, FAILED_KEPT_BYTES) : body,
    size: body.byteLength,
    mics,
    signed_by: unwrapped?.signature?.certificate.subject ?? null,
    created_at: now,
    settled_at: now,
  });
  if (id === null) throw new TakenMeanwhile();
  return giveReceipt(tx, deps, channel, message, {
    as2MessageId: id,
    disposition: failure
      ? { kind: 'failed', modifier: failure.modifier, text: failure.message }
      : { kind: 'processed' },
    mics,
    signedWith: unwrapped?.signature?.digest ?? null,
    authenticated: unwrapped?.signature !== undefined && unwrapped?.signature !== null,
  });
}

async function archiveContent(
  tx: Db,
  deps: As2Dependencies,
  channel: As2Channel,
  opened: Opened,
): Promise<{ readonly arrivalId: string | null; readonly opened: Opened }> {
  if (opened.kind === 'failed') return { arrivalId: null, opened };
  const source = {
    kind: 'as2',
    key: channel.settings.partnerAs2Id,
    partnerId: await onlyPartnerOf(tx, channel.id),
    allowedIsaIds: channel.settings.isaIds,
  } as const;
  try {
    const { arrivalId } = await receiveArrival(tx, opened.payload, source, {
      now: deps.now(),
      limitBytes: deps.limitBytes ?? AS2_LIMIT_BYTES,
    });
    return { arrivalId, opened };
  } catch (error) {
    if (!(error instanceof SenderNotAllowed)) throw error;
    const text = `Interchanges of ${error.sender} may not come by this connection; nothing of the message was taken.`;
    return {
      arrivalId: null,
      opened: { kind: 'failed', failure: new As2Failure('authentication-failed', text) },
    };
  }
}
