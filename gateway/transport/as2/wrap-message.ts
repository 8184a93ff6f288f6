import { randomBytes } from 'node:crypto';
import type { CipherName, DigestName } from './cms/algorithms';
import type { As2Certificate, As2Key } from './cms/certificates';
import { compressedData } from './cms/compressed-data';
import { envelopedData, type KeyTransport } from './cms/enveloped-data';
import { detachedSignature } from './cms/signed-data';
import { entityBytes } from './mime-entity';

/** An entity whose header fields travel as HTTP's. */
export interface Wrapped {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WrapWith {
  readonly signature: { readonly key: As2Key; readonly digest: DigestName } | null;
  readonly encryption: {
    readonly to: As2Certificate;
    readonly cipher: CipherName;
    readonly keyTransport: KeyTransport;
  } | null;
  readonly compression: 'none' | 'before-signing' | 'after-signing';
  readonly now: string;
}

/** A payload as it goes out, and the bytes that the receipt's integrity check has to be over. */
export async function wrapMessage(
  payload: Wrapped,
  { signature, encryption, compression, now }: WrapWith,
): Promise<Wrapped & { readonly micContent: Buffer }> {
  const plain = entityBytes(payload.headers, payload.body);
  let wrapped = payload;
  let micContent = signature || encryption || compression !== 'none' ? plain : payload.body;
  if (compression === 'before-signing') wrapped = await compress(wrapped);
  if (signature) {
    // RFC 5402 section 4.1: over what was signed, compressed or not.
    micContent = entityBytes(wrapped.headers, wrapped.body);
    wrapped = signEntity(micContent, signature.key, signature.digest, now);
  }
  if (compression === 'after-signing') wrapped = await compress(wrapped);
  if (encryption) {
    const content = entityBytes(wrapped.headers, wrapped.body);
    wrapped = cmsEntity('enveloped-data', 'smime.p7m', envelopedData(content, encryption.to, encryption));
  }
  return { ...wrapped, micContent };
}

async function compress({ headers, body }: Wrapped): Promise<Wrapped> {
  return cmsEntity('compressed-data', 'smime.p7z', await compressedData(entityBytes(headers, body)));
}

function cmsEntity(type: string, name: string, body: Buffer): Wrapped {
  return {
    headers: {
      'Content-Type': `application/pkcs7-mime; smime-type=${type}; name="${name}"`,
      'Content-Transfer-Encoding': 'binary',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
    body,
  };
}

/** multipart/signed (RFC 1847 section 2.1, RFC 5751 section 3.4.3). */
export function signEntity(entity: Buffer, key: As2Key, digest: DigestName, now: string): Wrapped {
  const boundary = newBoundary();
  const signature = entityBytes(
    {
      'Content-Type': 'application/pkcs7-signature; name="smime.p7s"; smime-type=signed-data',
      'Content-Transfer-Encoding': 'base64',
      'Content-Disposition': 'attachment; filename="smime.p7s"',
    },
    Buffer.from(
      detachedSignature(entity, key, digest, now)
        .toString('base64')
        .replace(/.{1,76}/g, '$&\r\n'),
      'latin1',
    ),
  );
  const line = (text: string) => Buffer.from(text, 'latin1');
  return {
    headers: {
      // RFC 5751 writes sha-256, RFC 3851 wrote sha256; both are read everywhere, sha1 in one spelling only.
      'Content-Type': `multipart/signed; protocol="application/pkcs7-signature"; micalg=${digest === 'sha1' ? 'sha1' : digest.replace('sha', 'sha-')}; boundary="${boundary}"`,
    },
    body: Buffer.concat([
      line(`--${boundary}\r\n`),
      entity,
      line(`\r\n--${boundary}\r\n`),
      signature,
      line(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

export const newBoundary = (): string => `=_${randomBytes(18).toString('hex')}`;
