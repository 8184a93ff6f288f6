import { constants, createHash, sign, verify } from 'node:crypto';
import { Set as Asn1Set, Constructed, Integer, Null, OctetString, UTCTime } from 'asn1js';
import { IssuerAndSerialNumber, SignedData, type SignerInfo } from 'pkijs';
import { As2Failure, asFailure } from '../as2-failure';
import { type DigestName, digestByOid, digestOids, ecdsaOids, oids } from './algorithms';
import { arrayBufferOf, bufferOf, type ContentInfo, objectId, parseBer, sequence } from './asn1';
import { type As2Certificate, type As2Key, type Identified, isAbout, isValidAt } from './certificates';

/** RFC 5652 section 5, detached. */
export function detachedSignature(
  content: Uint8Array,
  { privateKey, certificate }: As2Key,
  digest: DigestName,
  now: string,
): Buffer {
  const attribute = (type: string, value: unknown) =>
    sequence(objectId(type), new Asn1Set({ value: [value as never] }));
  const hash = createHash(digest).update(content).digest();
  const attributes = [
    attribute(oids.contentType, objectId(oids.data)),
    attribute(oids.signingTime, new UTCTime({ valueDate: new Date(now) })),
    attribute(oids.messageDigest, new OctetString({ valueHex: arrayBufferOf(hash) })),
    // A SET OF in DER is sorted by its encodings (X.690 section 11.6).
  ].sort((a, b) => Buffer.compare(bufferOf(a.toBER()), bufferOf(b.toBER())));
  const toBeSigned = bufferOf(new Asn1Set({ value: attributes }).toBER());
  const elliptic = privateKey.asymmetricKeyType === 'ec';
  const digestAlgorithm = () => sequence(objectId(digestOids[digest]), new Null());
  const signer = sequence(
    new Integer({ value: 1 }),
    new IssuerAndSerialNumber({
      issuer: certificate.parsed.issuer,
      serialNumber: certificate.parsed.serialNumber,
    }).toSchema(),
    digestAlgorithm(),
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: attributes }),
    elliptic ? sequence(objectId(ecdsaOids[digest])) : sequence(objectId(oids.rsaEncryption), new Null()),
    new OctetString({ valueHex: arrayBufferOf(sign(digest, toBeSigned, privateKey)) }),
  );
  const body = sequence(
    new Integer({ value: 1 }),
    new Asn1Set({ value: [digestAlgorithm()] }),
    sequence(objectId(oids.data)),
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [parseBer(certificate.raw)] }),
    new Asn1Set({ value: [signer] }),
  );
  const tagged = new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [body] });
  return bufferOf(sequence(objectId(oids.signedData), tagged).toBER());
}

export interface Verified {
  /** The bytes that the signature is over: one of the candidates, or what the SignedData carried. */
  readonly content: Buffer;
  readonly digest: DigestName;
  readonly certificate: As2Certificate;
}

/**
 * @param candidates what a detached signature may be over: the bytes as they came, and their canonical form. Not used
 * where the SignedData carries its content.
 * @param certificates the partner's, as agreed: those that come along in the message prove nothing
 * @throws As2Failure authentication-failed, integrity-check-failed
 */
export function verifySigned(
  { content }: ContentInfo,
  candidates: readonly Buffer[],
  certificates: readonly As2Certificate[],
  now: string,
): Verified {
  let signed: SignedData;
  try {
    signed = new SignedData({ schema: content });
  } catch (error) {
    throw asFailure('authentication-failed', 'The signature is no SignedData.', error);
  }
  const carried = signed.encapContentInfo.eContent;
  const contents = carried ? [bufferOf(carried.getValue())] : candidates;
  const { signer, certificate } = signerOf(signed, certificates);
  if (!isValidAt(certificate, now)) {
    throw new As2Failure(
      'authentication-failed',
      `It is signed with a certificate (${certificate.subject}) valid from ${certificate.notBefore} to ${certificate.notAfter} only.`,
    );
  }
  const digest = digestByOid(signer.digestAlgorithm.algorithmId);
  if (!digest)
    throw new As2Failure(
      'authentication-failed',
      `The digest ${signer.digestAlgorithm.algorithmId} is not known here.`,
    );
  return { content: matchingContent(signer, contents, certificate, digest), digest, certificate };
}

function matchingContent(
  signer: SignerInfo,
  contents: readonly Buffer[],
  certificate: As2Certificate,
  digest: DigestName,
): Buffer {
  const altered = () =>
    new As2Failure(
      'integrity-check-failed',
      'The content is not the one that was signed: it was changed on its way.',
    );
  if (!signer.signedAttrs) {
    const found = contents.find((content) => isSignedBy(signer, content, certificate, digest));
    if (!found) throw altered();
    return found;
  }
  // Section 5.4: with signed attributes the signature is over them, as a SET OF, and one of them is the digest.
  if (!isSignedBy(signer, bufferOf(signer.signedAttrs.encodedValue), certificate, digest))
    throw new As2Failure(
      'authentication-failed',
      `The signature was not made with the key of ${certificate.subject}.`,
    );
  const stated = signer.signedAttrs.attributes.find(({ type }) => type === oids.messageDigest)?.values[0];
  if (!(stated instanceof OctetString))
    throw new As2Failure('authentication-failed', 'The signature states no digest.');
  const expected = bufferOf(stated.getValue());
  const found = contents.find((content) => createHash(digest).update(content).digest().equals(expected));
  if (!found) throw altered();
  return found;
}

function signerOf(signed: SignedData, certificates: readonly As2Certificate[]) {
  const named: string[] = [];
  for (const signer of signed.signerInfos) {
    const wanted = identified(signer.sid);
    const certificate = certificates.find((one) => isAbout(one, wanted));
    if (certificate) return { signer, certificate };
    named.push((wanted.serial ?? wanted.subjectKeyId)?.toString('hex') ?? '?');
  }
  throw new As2Failure(
    'authentication-failed',
    `It is signed by ${named.join(', ') || 'nobody'} (certificate serial or key id), which is none of the certificates agreed.`,
  );
}

function identified(sid: unknown): Identified {
  if (sid instanceof IssuerAndSerialNumber)
    return { serial: bufferOf(sid.serialNumber.valueBlock.valueHexView), subjectKeyId: null };
  // [0] IMPLICIT SubjectKeyIdentifier: pkijs leaves a primitive with the bytes, or the octet string.
  const block = (sid as { valueBlock?: { valueHexView?: Uint8Array; value?: unknown[] } } | undefined)
    ?.valueBlock;
  const inner = block?.value?.[0];
  if (inner instanceof OctetString) return { serial: null, subjectKeyId: bufferOf(inner.getValue()) };
  return { serial: null, subjectKeyId: block?.valueHexView ? bufferOf(block.valueHexView) : null };
}

function isSignedBy(
  signer: SignerInfo,
  data: Buffer,
  { publicKey }: As2Certificate,
  digest: DigestName,
): boolean {
  const { algorithmId } = signer.signatureAlgorithm;
  const signature = bufferOf(signer.signature.getValue());
  const elliptic = publicKey.asymmetricKeyType === 'ec';
  if (algorithmId === oids.ecPublicKey || algorithmId.startsWith(oids.ecdsa))
    return elliptic && verify(digest, data, publicKey, signature);
  if (elliptic || !algorithmId.startsWith('1.2.840.113549.1.1.')) return false;
  return algorithmId === oids.rsaPss
    ? verify(
        digest,
        data,
        {
          key: publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_AUTO,
        },
        signature,
      )
    : verify(digest, data, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
}
