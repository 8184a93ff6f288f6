import { randomBytes } from 'node:crypto';
import { As2Failure, type As2Modifier, failureModifiers } from './as2-failure';
import type { DigestName } from './cms/algorithms';
import type { As2Key } from './cms/certificates';
import {
  contentTypeOf,
  decodedBody,
  entityBytes,
  type MimeEntity,
  parseHeaders,
  splitMultipart,
} from './mime-entity';
import { newBoundary, signEntity, type Wrapped } from './wrap-message';

/** What became of a message, as its receiver says it. */
export type Disposition =
  | { readonly kind: 'processed' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'failed'; readonly modifier: As2Modifier; readonly text: string };

export interface ReceiptContent {
  readonly originalMessageId: string;
  /** The AS2 id that the message was sent to. */
  readonly recipient: string;
  readonly disposition: Disposition;
  /** 'Zm9v..., sha256' */
  readonly receivedContentMic: string | null;
}

/** RFC 4130 section 7.4.4: what went wrong is an error of a message that was processed, what is not supported a failure. */
export function dispositionText(disposition: Disposition): string {
  const mode = 'automatic-action/MDN-sent-automatically';
  if (disposition.kind === 'processed') return `${mode}; processed`;
  if (disposition.kind === 'duplicate') return `${mode}; processed/warning: duplicate-document`;
  const isFailure = (failureModifiers as readonly string[]).includes(disposition.modifier);
  return `${mode}; ${isFailure ? 'failed/failure' : 'processed/error'}: ${disposition.modifier}`;
}

function explanation(disposition: Disposition): string {
  if (disposition.kind === 'processed')
    return 'The message was received and its content is kept. This says nothing about the documents in it: they are answered by their own acknowledgements.';
  if (disposition.kind === 'duplicate')
    return 'A message with this Message-ID was received before. It was not taken a second time.';
  return `The message was not taken. ${disposition.text}`;
}

/** RFC 8098 section 3, signed where the sender asked for it (RFC 4130 section 7.4.2). */
export function receiptMessage(
  receipt: ReceiptContent,
  signing: { readonly key: As2Key; readonly digest: DigestName } | null,
  now: string,
): Wrapped {
  const boundary = newBoundary();
  const lines = [
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    oneLine(explanation(receipt.disposition)),
    '',
    `--${boundary}`,
    'Content-Type: message/disposition-notification',
    'Content-Transfer-Encoding: 7bit',
    '',
    'Reporting-UA: order-hub',
    `Original-Recipient: rfc822; ${receipt.recipient}`,
    `Final-Recipient: rfc822; ${receipt.recipient}`,
    `Original-Message-ID: ${receipt.originalMessageId}`,
    `Disposition: ${dispositionText(receipt.disposition)}`,
    ...(receipt.receivedContentMic ? [`Received-Content-MIC: ${receipt.receivedContentMic}`] : []),
    '',
    `--${boundary}--`,
    '',
  ];
  const headers = {
    'Content-Type': `multipart/report; report-type=disposition-notification; boundary="${boundary}"`,
  };
  const body = Buffer.from(lines.join('\r\n'), 'utf8');
  if (!signing) return { headers, body };
  return signEntity(entityBytes(headers, body), signing.key, signing.digest, now);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

export const isReport = (entity: MimeEntity): boolean => {
  const { value, parameters } = contentTypeOf(entity);
  const reportType = parameters.get('report-type')?.toLowerCase();
  return (
    value === 'multipart/report' && (reportType ?? 'disposition-notification') === 'disposition-notification'
  );
};

export interface ReadReceipt {
  readonly originalMessageId: string | null;
  /** As it stands there. */
  readonly disposition: string;
  readonly receivedContentMic: string | null;
  /** What it says to people. */
  readonly text: string;
}

/** @throws As2Failure where there is no notification in it */
export function readReceipt(entity: MimeEntity): ReadReceipt {
  const parts = splitMultipart(entity.body, contentTypeOf(entity).parameters.get('boundary')).map(partOf);
  const notification = parts.find((part) => contentTypeOf(part).value === 'message/disposition-notification');
  if (!notification)
    throw new As2Failure('unexpected-processing-error', 'The receipt holds no disposition notification.');
  const text = parts.find((part) => contentTypeOf(part).value === 'text/plain');
  // The fields may stand behind empty lines.
  const fields = parseHeaders(decodedBody(notification, 'the receipt').toString('latin1').trimStart());
  return {
    originalMessageId: fields.get('original-message-id') ?? null,
    disposition: fields.get('disposition') ?? '',
    receivedContentMic: fields.get('received-content-mic') ?? null,
    text: text ? decodedBody(text, 'the receipt').toString('utf8').trim().slice(0, 2_000) : '',
  };
}

/** A part may have no header at all: it begins with its empty line then, or has only one. */
function partOf(raw: Buffer): MimeEntity {
  const at = raw.indexOf('\n\r\n');
  const plain = raw.indexOf('\n\n');
  const starts = raw[0] === 0x0a || (raw[0] === 0x0d && raw[1] === 0x0a);
  const end = starts ? 0 : Math.min(at === -1 ? raw.length : at, plain === -1 ? raw.length : plain);
  const headers = parseHeaders(raw.toString('latin1', 0, end));
  const body = raw.subarray(starts ? 0 : Math.min(end + 1, raw.length));
  return { headers, body: body.subarray(body[0] === 0x0d ? 2 : body[0] === 0x0a ? 1 : 0), raw };
}

/** RFC 4130 section 7.4.3: 'processed' without an error means that the content was taken; a warning changes nothing. */
export function isTaken(disposition: string): boolean {
  const [, type = ''] = disposition.split(';');
  return /^\s*processed\s*(\/\s*warning\b.*)?$/i.test(type);
}

/** A Message-ID of ours (RFC 5322 section 3.6.4, RFC 4130 section 5.3.3). */
export function newMessageId(as2Id: string): string {
  const name = as2Id.replace(/[^A-Za-z0-9-]/g, '-');
  return `<${Date.now()}.${randomBytes(12).toString('hex')}@${name}.order-hub>`;
}

/** AS2 names with a blank, or anything else that is no atom, stand in quotes (RFC 4130 section 6.2). */
export const quoteAs2Id = (id: string): string => (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(id) ? id : `"${id}"`);

export function unquoteAs2Id(text: string | undefined): string {
  const trimmed = (text ?? '').trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(trimmed)?.[1];
  return quoted === undefined ? trimmed : quoted.replace(/\\(.)/g, '$1');
}
