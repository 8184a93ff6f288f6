/** Digests by the names that a micalg parameter uses (RFC 5751 section 3.4.3.2, RFC 3851 for the older spelling). */
export const digestNames = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export type DigestName = (typeof digestNames)[number];

export const digestOids: Readonly<Record<DigestName, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const digestOfOid = new Map(digestNames.map((name) => [digestOids[name], name]));

export const digestByOid = (oid: string): DigestName | undefined => digestOfOid.get(oid);

/** 'sha-256', 'SHA256' and 'rsa-sha256' are the same digest. */
export function digestByName(name: string): DigestName | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^rsa-?/, '')
    .replaceAll('-', '')
    .trim();
  return digestNames.find((one) => one === plain);
}

export const cipherNames = ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des'] as const;
export type CipherName = (typeof cipherNames)[number];

export interface Cipher {
  readonly oid: string;
  /** As OpenSSL calls it. */
  readonly cipher: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
}

/** RFC 3565 and RFC 3370 section 5.1. */
export const ciphers: Readonly<Record<CipherName, Cipher>> = {
  'aes128-cbc': { oid: '2.16.840.1.101.3.4.1.2', cipher: 'aes-128-cbc', keyBytes: 16, ivBytes: 16 },
  'aes192-cbc': { oid: '2.16.840.1.101.3.4.1.22', cipher: 'aes-192-cbc', keyBytes: 24, ivBytes: 16 },
  'aes256-cbc': { oid: '2.16.840.1.101.3.4.1.42', cipher: 'aes-256-cbc', keyBytes: 32, ivBytes: 16 },
  '3des': { oid: '1.2.840.113549.3.7', cipher: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8 },
};

export const cipherByOid = (oid: string): Cipher | undefined =>
  Object.values(ciphers).find((cipher) => cipher.oid === oid);

export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  compressedData: '1.2.840.113549.1.9.16.1.9',
  zlib: '1.2.840.113549.1.9.16.3.8',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsaOaep: '1.2.840.113549.1.1.7',
  rsaPss: '1.2.840.113549.1.1.10',
  ecdsa: '1.2.840.10045.4.',
  ecPublicKey: '1.2.840.10045.2.1',
  subjectKeyId: '2.5.29.14',
} as const;

/** ecdsa-with-SHA1 has a number of its own, the others follow each other (RFC 5754 section 3.3). */
export const ecdsaOids: Readonly<Record<DigestName, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};
