import { As2Failure } from './as2-failure';

/** A MIME entity (RFC 2045) in bytes: nothing of it is changed, for its digest is what everything here is about. */
export interface MimeEntity {
  /** By lower-case name; a repeated field keeps its first value. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Header fields, the blank line and the body, as they came; null for an HTTP message, whose fields are HTTP's. */
  readonly raw: Buffer | null;
}

export interface HeaderValue {
  /** In lower case: 'application/pkcs7-mime'. */
  readonly value: string;
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MOST_HEADER_BYTES = 64 * 1024;

export function parseEntity(raw: Buffer): MimeEntity {
  const end = endOfHeaders(raw);
  return { headers: parseHeaders(raw.toString('latin1', 0, end.at)), body: raw.subarray(end.body), raw };
}

/** The header ends with the first empty line. Some products end lines with LF alone. */
function endOfHeaders(raw: Buffer): { readonly at: number; readonly body: number } {
  for (let at = 0; at < Math.min(raw.length, MOST_HEADER_BYTES); ) {
    const lf = raw.indexOf(0x0a, at);
    if (lf === -1) break;
    const empty = lf === at || (lf === at + 1 && raw[at] === 0x0d);
    if (empty) return { at, body: lf + 1 };
    at = lf + 1;
  }
  throw new As2Failure('unexpected-processing-error', 'A MIME part has no end of its header.');
}

export function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

/** RFC 2045 section 5.1. */
export function parseHeaderValue(text: string | undefined): HeaderValue {
  const [value = '', ...rest] = (text ?? '').split(';');
  const parameters = new Map<string, string>();
  const pairs = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;
  for (const [, name = '', quoted, plain = ''] of rest.join(';').matchAll(pairs)) {
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
  }
  return { value: value.trim().toLowerCase(), parameters };
}

export const contentTypeOf = (entity: MimeEntity): HeaderValue =>
  parseHeaderValue(entity.headers.get('content-type') ?? 'text/plain');

/** The body without its transfer encoding (RFC 2045 section 6). */
export function decodedBody(entity: MimeEntity, what: string): Buffer {
  const encoding = (entity.headers.get('content-transfer-encoding') ?? 'binary').trim().toLowerCase();
  if (encoding === 'base64') return decodeBase64(entity.body, what);
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(entity.body);
  if (encoding === 'binary' || encoding === '7bit' || encoding === '8bit') return entity.body;
  throw new As2Failure(
    'unexpected-processing-error',
    `The transfer encoding ${encoding} of ${what} is not known.`,
  );
}

/** Node skips over what is no base64; a damaged message is to be noticed. */
function decodeBase64(body: Buffer, what: string): Buffer {
  const text = body.toString('latin1').replace(/\s+/g, '');
  const decoded = Buffer.from(text, 'base64');
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const isWhole = text.length % 4 === 0 && decoded.length === (text.length / 4) * 3 - padded;
  if (!isWhole || /[^A-Za-z0-9+/=]/.test(text))
    throw new As2Failure('unexpected-processing-error', `The base64 of ${what} is damaged.`);
  return decoded;
}

function decodeQuotedPrintable(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

const MOST_PARTS = 20;

/**
 * The parts of a multipart body. The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1),
 * so it is not part of what was signed.
 */
export function splitMultipart(body: Buffer, boundary: string | undefined): readonly Buffer[] {
  const damaged = (text: string) => new As2Failure('unexpected-processing-error', text);
  if (!boundary) throw damaged('A multipart message names no boundary.');
  const delimiter = `--${boundary}`;
  const parts: Buffer[] = [];
  let start: number | null = null;
  for (let at = body.indexOf(delimiter, 0, 'latin1'); at !== -1; ) {
    const after = at + delimiter.length;
    const closes = body[after] === 0x2d && body[after + 1] === 0x2d;
    const lineEnd = body.indexOf(0x0a, after);
    const rest = body.toString('latin1', after, lineEnd === -1 ? body.length : lineEnd);
    const isDelimiter = (at === 0 || body[at - 1] === 0x0a) && (closes || /^[ \t]*\r?$/.test(rest));
    if (isDelimiter) {
      if (start !== null) parts.push(body.subarray(start, Math.max(start, beforeLineBreak(body, at))));
      if (closes) return parts;
      if (parts.length >= MOST_PARTS) throw damaged('A multipart message has too many parts.');
      start = lineEnd === -1 ? body.length : lineEnd + 1;
    }
    at = body.indexOf(delimiter, after, 'latin1');
  }
  throw damaged('A multipart message breaks off before its end.');
}

function beforeLineBreak(body: Buffer, at: number): number {
  if (body[at - 1] !== 0x0a) return at;
  return body[at - 2] === 0x0d ? at - 2 : at - 1;
}

/** With CRLF at the end of every line (RFC 5751 section 3.1.1). The same buffer where it is so already. */
export function canonical(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const changed = text.replace(/\r?\n/g, '\r\n');
  return changed.length === text.length ? bytes : Buffer.from(changed, 'latin1');
}

/** An entity of our own making. */
export function entityBytes(headers: Readonly<Record<string, string>>, body: Uint8Array): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${lines.join('')}\r\n`, 'latin1'), body]);
}

/** What an HTTP message has of an entity's header fields. */
export function httpEntity(headers: Readonly<Record<string, unknown>>, body: Buffer): MimeEntity {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') fields.set(name.toLowerCase(), value);
  }
  return { headers: fields, body, raw: null };
}
