import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Certificate } from 'pkijs';
import { oids } from './algorithms';
import { arrayBufferOf, bufferOf } from './asn1';

// Some 6 MB, loaded with the first certificate: partners' settings are checked also where nobody uses AS2.
const certificateReader = () => (require('pkijs') as typeof import('pkijs')).Certificate;

export interface As2Certificate {
  readonly parsed: Certificate;
  readonly raw: Buffer;
  readonly publicKey: KeyObject;
  readonly serial: Buffer;
  readonly subjectKeyId: Buffer | null;
  readonly subject: string;
  /** ISO instants. */
  readonly notBefore: string;
  readonly notAfter: string;
}

export interface As2Key {
  readonly privateKey: KeyObject;
  readonly certificate: As2Certificate;
}

/** @throws where the PEM is no certificate */
export function readCertificate(pem: string): As2Certificate {
  const x509 = new X509Certificate(pem);
  const parsed = certificateReader().fromBER(arrayBufferOf(x509.raw));
  const extension = parsed.extensions?.find(({ extnID }) => extnID === oids.subjectKeyId)?.parsedValue;
  return {
    parsed,
    raw: Buffer.from(x509.raw),
    publicKey: x509.publicKey,
    serial: bufferOf(parsed.serialNumber.valueBlock.valueHexView),
    subjectKeyId: extension && 'getValue' in extension ? bufferOf(extension.getValue()) : null,
    subject: x509.subject.replaceAll('\n', ', '),
    notBefore: new Date(x509.validFrom).toISOString(),
    notAfter: new Date(x509.validTo).toISOString(),
  };
}

/** @throws where one is missing, or they do not belong together */
export function readKey(keyPem: string, certificatePem: string): As2Key {
  const privateKey = createPrivateKey(keyPem);
  const certificate = readCertificate(certificatePem);
  if (!new X509Certificate(certificatePem).checkPrivateKey(privateKey))
    throw new Error(`the key does not belong to the certificate of ${certificate.subject}`);
  return { privateKey, certificate };
}

/** Who a SignerInfo or a RecipientInfo speaks of (RFC 5652 sections 5.3 and 6.2.1). */
export interface Identified {
  readonly serial: Buffer | null;
  readonly subjectKeyId: Buffer | null;
}

/**
 * The serial number or the key id is enough to choose by: what counts is whether the key fits, and only certificates
 * that were agreed upon are looked at.
 */
export function isAbout(certificate: As2Certificate, { serial, subjectKeyId }: Identified): boolean {
  if (subjectKeyId) return certificate.subjectKeyId?.equals(subjectKeyId) ?? false;
  return serial !== null && certificate.serial.equals(serial);
}

export const isValidAt = (certificate: As2Certificate, now: string): boolean =>
  certificate.notBefore <= now && now <= certificate.notAfter;
