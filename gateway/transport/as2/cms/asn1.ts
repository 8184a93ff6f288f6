import { fromBER, ObjectIdentifier, Sequence } from 'asn1js';

type Asn1 = ReturnType<typeof fromBER>['result'];

export const bufferOf = (bytes: ArrayBuffer | ArrayBufferView): Buffer =>
  ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);

/** A copy that is nobody else's: small Buffers share one pool. */
export const arrayBufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/**
 * What a partner may make us hold. Products write content of indefinite length in pieces of about a thousand bytes, each
 * of them a node: 50 MB are some 50 000.
 */
const LIMITS = { maxContentLength: 128 * 1024 * 1024, maxNodes: 200_000, maxDepth: 40, parseEmbedded: false };

/** @throws where the bytes are no BER */
export function parseBer(bytes: Uint8Array): Asn1 {
  const { result, offset } = fromBER(arrayBufferOf(bytes), LIMITS);
  if (offset === -1) throw new Error(`not BER: ${result.error}`);
  return result;
}

export interface ContentInfo {
  readonly contentType: string;
  readonly content: Asn1;
}

/** RFC 5652 section 3. */
export function parseContentInfo(bytes: Uint8Array): ContentInfo {
  const [type, tagged] = childrenOf(parseBer(bytes));
  if (!(type instanceof ObjectIdentifier) || !tagged) throw new Error('no ContentInfo');
  const [content] = childrenOf(tagged);
  if (!content) throw new Error('an empty ContentInfo');
  return { contentType: type.valueBlock.toString(), content };
}

export function childrenOf(node: Asn1 | undefined): readonly Asn1[] {
  const value: unknown = (node?.valueBlock as { value?: unknown } | undefined)?.value;
  return Array.isArray(value) ? (value as Asn1[]) : [];
}

export const sequence = (...value: readonly unknown[]): Sequence => new Sequence({ value: value as never });
export const objectId = (value: string): ObjectIdentifier => new ObjectIdentifier({ value });
