import { As2Failure, asFailure } from './as2-failure';
import { type DigestName, oids } from './cms/algorithms';
import { parseContentInfo } from './cms/asn1';
import type { As2Certificate, As2Key } from './cms/certificates';
import { decompress } from './cms/compressed-data';
import { decrypt } from './cms/enveloped-data';
import { verifySigned } from './cms/signed-data';
import {
  canonical,
  contentTypeOf,
  decodedBody,
  type MimeEntity,
  parseEntity,
  splitMultipart,
} from './mime-entity';

export interface UnwrapWith {
  readonly keys: readonly As2Key[];
  readonly certificates: readonly As2Certificate[];
  readonly now: string;
  /** Of what a compressed layer may expand to. */
  readonly limitBytes: number;
}

export interface Unwrapped {
  /** The innermost entity: what the partner wanted to send. */
  readonly entity: MimeEntity;
  /** The bytes that the integrity check is over. */
  readonly micContent: Buffer;
  readonly encrypted: boolean;
  readonly compressed: boolean;
  readonly signature: { readonly digest: DigestName; readonly certificate: As2Certificate } | null;
}

/** Encrypted, compressed, signed, compressed again: more layers than these nobody means. */
const MOST_LAYERS = 5;

interface Layers {
  encrypted: boolean;
  compressed: boolean;
  signature: Unwrapped['signature'];
  signedContent: Buffer | null;
}

/**
 * Takes every layer of protection off, in whatever order they were put on (RFC 4130 section 5.2, RFC 5402 section 3).
 * @throws As2Failure with the modifier that the sender is told
 */
export async function unwrapMessage(message: MimeEntity, using: UnwrapWith): Promise<Unwrapped> {
  const layers: Layers = { encrypted: false, compressed: false, signature: null, signedContent: null };
  let entity = message;
  for (let depth = 0; ; depth += 1) {
    const { value: type } = contentTypeOf(entity);
    const isCms = type === 'application/pkcs7-mime' || type === 'application/x-pkcs7-mime';
    if (!isCms && type !== 'multipart/signed') break;
    if (depth >= MOST_LAYERS)
      throw new As2Failure('unexpected-processing-error', 'The message has too many layers.');
    entity = isCms ? await takeOffCms(entity, using, layers) : takeOffSignature(entity, using, layers);
  }
  const { signedContent, ...taken } = layers;
  return { entity, micContent: signedContent ?? unsignedMicContent(entity, layers), ...taken };
}

/**
 * RFC 4130 section 7.3.1: encrypted but not signed, the digest is over the decrypted entity with its header; neither
 * signed nor encrypted, without. Compressed (RFC 5402 section 4.2): over the uncompressed entity with its header.
 */
function unsignedMicContent(entity: MimeEntity, layers: Layers): Buffer {
  return (layers.encrypted || layers.compressed) && entity.raw ? entity.raw : entity.body;
}

async function takeOffCms(entity: MimeEntity, using: UnwrapWith, layers: Layers): Promise<MimeEntity> {
  let info: ReturnType<typeof parseContentInfo>;
  const { parameters } = contentTypeOf(entity);
  const said = parameters.get('smime-type')?.toLowerCase() ?? 'enveloped-data';
  const modifier =
    said === 'compressed-data'
      ? 'decompression-failed'
      : said === 'signed-data'
        ? 'authentication-failed'
        : 'decryption-failed';
  try {
    info = parseContentInfo(decodedBody(entity, 'the message'));
  } catch (error) {
    if (error instanceof As2Failure) throw new As2Failure(modifier, error.message);
    throw asFailure(modifier, 'The message is said to be CMS and cannot be read as such.', error);
  }
  // What it is counts, not what the header says about it.
  if (info.contentType === oids.envelopedData) {
    layers.encrypted = true;
    return parseEntity(decrypt(info, using.keys));
  }
  if (info.contentType === oids.compressedData) {
    layers.compressed = true;
    return parseEntity(await decompress(info, using.limitBytes));
  }
  if (info.contentType === oids.signedData) {
    const { content, ...signature } = verifySigned(info, [], using.certificates, using.now);
    layers.signature ??= signature;
    layers.signedContent ??= content;
    return parseEntity(content);
  }
  throw new As2Failure('unsupported format', `CMS content of the type ${info.contentType} is not taken.`);
}

function takeOffSignature(entity: MimeEntity, using: UnwrapWith, layers: Layers): MimeEntity {
  const { parameters } = contentTypeOf(entity);
  const parts = splitMultipart(entity.body, parameters.get('boundary'));
  const [signed, signaturePart] = parts;
  if (!signed || !signaturePart || parts.length !== 2)
    throw new As2Failure(
      'authentication-failed',
      'A multipart/signed message has two parts; this one has not.',
    );
  let info: ReturnType<typeof parseContentInfo>;
  try {
    info = parseContentInfo(decodedBody(parseEntity(signaturePart), 'the signature'));
  } catch (error) {
    if (error instanceof As2Failure) throw new As2Failure('authentication-failed', error.message);
    throw asFailure('authentication-failed', 'The signature cannot be read.', error);
  }
  if (info.contentType !== oids.signedData)
    throw new As2Failure('authentication-failed', 'The signature is no SignedData.');
  // As it came; and, for those who sign the canonical form and send another, with CRLF (RFC 5751 section 3.1.1).
  const candidates = [signed, canonical(signed)];
  const { content, ...signature } = verifySigned(info, candidates, using.certificates, using.now);
  layers.signature ??= signature;
  layers.signedContent ??= content;
  // The content that the signature is over, never another one that the message carries besides.
  return parseEntity(content);
}
