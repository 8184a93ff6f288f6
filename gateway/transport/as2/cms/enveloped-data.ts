import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { Set as Asn1Set, Constructed, Integer, Null, OctetString, Primitive } from 'asn1js';
import {
  AlgorithmIdentifier,
  EnvelopedData,
  IssuerAndSerialNumber,
  KeyTransRecipientInfo,
  RecipientKeyIdentifier,
  RSAESOAEPParams,
} from 'pkijs';
import { As2Failure, asFailure } from '../as2-failure';
import {
  type CipherName,
  cipherByOid,
  ciphers,
  type DigestName,
  digestByOid,
  digestOids,
  oids,
} from './algorithms';
import { arrayBufferOf, bufferOf, type ContentInfo, objectId, sequence } from './asn1';
import { type As2Certificate, type As2Key, type Identified, isAbout } from './certificates';

export type KeyTransport = 'rsa' | 'rsa-oaep-sha256';

/** RFC 5652 section 6, for one recipient. */
export function envelopedData(
  content: Uint8Array,
  to: As2Certificate,
  options: { readonly cipher: CipherName; readonly keyTransport: KeyTransport },
): Buffer {
  const { oid, cipher, keyBytes, ivBytes } = ciphers[options.cipher];
  const [key, iv] = [randomBytes(keyBytes), randomBytes(ivBytes)];
  const encryption = createCipheriv(cipher, key, iv);
  const encrypted = Buffer.concat([encryption.update(content), encryption.final()]);
  const oaep = options.keyTransport !== 'rsa';
  const encryptedKey = publicEncrypt(
    oaep
      ? { key: to.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
      : { key: to.publicKey, padding: constants.RSA_PKCS1_PADDING },
    key,
  );
  const recipient = sequence(
    new Integer({ value: 0 }),
    new IssuerAndSerialNumber({ issuer: to.parsed.issuer, serialNumber: to.parsed.serialNumber }).toSchema(),
    oaep ? oaepAlgorithm('sha256') : sequence(objectId(oids.rsaEncryption), new Null()),
    new OctetString({ valueHex: arrayBufferOf(encryptedKey) }),
  );
  const body = sequence(
    new Integer({ value: 0 }),
    new Asn1Set({ value: [recipient] }),
    sequence(
      objectId(oids.data),
      sequence(objectId(oid), new OctetString({ valueHex: arrayBufferOf(iv) })),
      new Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: arrayBufferOf(encrypted) }),
    ),
  );
  const tagged = new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [body] });
  return bufferOf(sequence(objectId(oids.envelopedData), tagged).toBER());
}

/** RFC 4055 section 4.1: the mask function uses the same digest. */
function oaepAlgorithm(digest: DigestName) {
  const hash = new AlgorithmIdentifier({ algorithmId: digestOids[digest], algorithmParams: new Null() });
  const parameters = new RSAESOAEPParams({
    hashAlgorithm: hash,
    maskGenAlgorithm: new AlgorithmIdentifier({
      algorithmId: '1.2.840.113549.1.1.8',
      algorithmParams: hash.toSchema(),
    }),
  });
  return new AlgorithmIdentifier({
    algorithmId: oids.rsaOaep,
    algorithmParams: parameters.toSchema(),
  }).toSchema();
}

/**
 * Whatever goes wrong after the recipient was found is told in the same words: what a sender could learn from the
 * difference between a bad key and a bad padding is of use only to someone who must not read the message.
 * @throws As2Failure decryption-failed
 */
export function decrypt({ content }: ContentInfo, keys: readonly As2Key[]): Buffer {
  let enveloped: EnvelopedData;
  try {
    enveloped = new EnvelopedData({ schema: content });
  } catch (error) {
    throw asFailure('decryption-failed', 'The encrypted content is no EnvelopedData.', error);
  }
  const { key, recipient } = recipientOf(enveloped, keys);
  const { contentEncryptionAlgorithm } = enveloped.encryptedContentInfo;
  const cipher = cipherByOid(contentEncryptionAlgorithm.algorithmId);
  if (!cipher) {
    throw new As2Failure(
      'decryption-failed',
      `The cipher ${contentEncryptionAlgorithm.algorithmId} is none of AES-128, AES-192, AES-256 and 3DES in CBC mode.`,
    );
  }
  try {
    const contentKey = privateDecrypt(
      { key: key.privateKey, ...paddingOf(recipient.keyEncryptionAlgorithm) },
      bufferOf(recipient.encryptedKey.getValue()),
    );
    const iv = bufferOf((contentEncryptionAlgorithm.algorithmParams as OctetString).getValue());
    const decryption = createDecipheriv(cipher.cipher, contentKey, iv);
    const bytes = bufferOf(enveloped.encryptedContentInfo.getEncryptedContent());
    return Buffer.concat([decryption.update(bytes), decryption.final()]);
  } catch (error) {
    throw asFailure('decryption-failed', 'The message could not be decrypted.', error);
  }
}

function recipientOf(enveloped: EnvelopedData, keys: readonly As2Key[]) {
  const named: string[] = [];
  for (const { value } of enveloped.recipientInfos) {
    if (!(value instanceof KeyTransRecipientInfo)) continue;
    const wanted = identified(value.rid);
    const key = keys.find(({ certificate }) => isAbout(certificate, wanted));
    if (key) return { key, recipient: value };
    named.push((wanted.serial ?? wanted.subjectKeyId)?.toString('hex') ?? '?');
  }
  throw new As2Failure(
    'decryption-failed',
    `It is encrypted for ${named.join(', ') || 'nobody'} (certificate serial or key id), which is none of our certificates.`,
  );
}

function identified(rid: unknown): Identified {
  if (rid instanceof IssuerAndSerialNumber)
    return { serial: bufferOf(rid.serialNumber.valueBlock.valueHexView), subjectKeyId: null };
  if (rid instanceof RecipientKeyIdentifier)
    return { serial: null, subjectKeyId: bufferOf(rid.subjectKeyIdentifier.getValue()) };
  // [0] SubjectKeyIdentifier, as pkijs leaves it.
  const octets = rid as OctetString | undefined;
  return { serial: null, subjectKeyId: octets ? bufferOf(octets.getValue()) : null };
}

function paddingOf({ algorithmId, algorithmParams }: AlgorithmIdentifier) {
  if (algorithmId === oids.rsaEncryption) return { padding: constants.RSA_PKCS1_PADDING };
  if (algorithmId !== oids.rsaOaep) throw new Error(`key transport ${algorithmId}`);
  const parameters = algorithmParams ? new RSAESOAEPParams({ schema: algorithmParams }) : null;
  const digest = digestByOid(parameters?.hashAlgorithm.algorithmId ?? digestOids.sha1);
  if (!digest) throw new Error('an unknown OAEP digest');
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digest };
}
