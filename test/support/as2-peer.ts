import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

export interface Identity {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly key: string;
  readonly certificate: string;
}

/** An independent product: OpenSSL's command line does all of its CMS. */
export class OpenSslPeer {
  readonly folder = mkdtempSync(join(tmpdir(), 'as2-peer-'));

  identity(name: string, kind: readonly string[] = ['-newkey', 'rsa:2048']): Identity {
    const keyFile = join(this.folder, `${name}.key`);
    const certificateFile = join(this.folder, `${name}.crt`);
    this.openssl([
      'req',
      '-x509',
      ...kind,
      '-nodes',
      '-sha256',
      '-days',
      '365',
      '-subj',
      `/CN=${name}/O=AS2 test`,
      '-keyout',
      keyFile,
      '-out',
      certificateFile,
    ]);
    return {
      keyFile,
      certificateFile,
      key: readFileSync(keyFile, 'utf8'),
      certificate: readFileSync(certificateFile, 'utf8'),
    };
  }

  /** multipart/signed, or with '-nodetach' application/pkcs7-mime; a MIME entity with its header. */
  sign(entity: Buffer, by: Identity, options: readonly string[] = ['-md', 'sha256']): Buffer {
    return this.cms(
      ['-sign', '-binary', '-signer', by.certificateFile, '-inkey', by.keyFile, ...options],
      entity,
    );
  }

  /** application/pkcs7-mime as DER, without a header. */
  encrypt(entity: Buffer, to: Identity, options: readonly string[] = ['-aes256']): Buffer {
    return this.cms(['-encrypt', '-binary', '-outform', 'DER', ...options, to.certificateFile], entity);
  }

  /** With the recipient among the options. */
  encryptFor(entity: Buffer, options: readonly string[]): Buffer {
    return this.cms(['-encrypt', '-binary', '-outform', 'DER', ...options], entity);
  }

  /** A certificate with another's issuer, name and serial number, and a key of its own. */
  forgery(of: Identity, by: Identity): Identity {
    const serial = this.openssl(['x509', '-in', of.certificateFile, '-noout', '-serial'])
      .toString()
      .replace(/^serial=|\s+$/g, '');
    const certificateFile = join(this.folder, `${randomUUID()}.crt`);
    const options = [
      '-x509',
      '-key',
      by.keyFile,
      '-subj',
      '/CN=partner/O=AS2 test',
      '-sha256',
      '-days',
      '30',
    ];
    this.openssl(['req', ...options, '-set_serial', `0x${serial}`, '-out', certificateFile]);
    return { ...by, certificateFile, certificate: readFileSync(certificateFile, 'utf8') };
  }

  decrypt(der: Buffer, by: Identity): Buffer {
    return this.cms(
      ['-decrypt', '-binary', '-inform', 'DER', '-inkey', by.keyFile, '-recip', by.certificateFile],
      der,
    );
  }

  /** @returns what was signed. @throws where the signature is not right */
  verify(entity: Buffer, by: Identity): Buffer {
    const trust = ['-CAfile', by.certificateFile, '-certfile', by.certificateFile, '-purpose', 'any'];
    return this.cms(['-verify', '-inform', 'SMIME', ...trust], entity);
  }

  /** This OpenSSL may be built without zlib, but its ASN.1 writer is independent all the same. */
  compress(entity: Buffer, compressed: Buffer = deflateSync(entity)): Buffer {
    const file = this.file(
      Buffer.from(`asn1=SEQUENCE:info
[info]
type=OID:1.2.840.113549.1.9.16.1.9
content=EXPLICIT:0,SEQUENCE:compressed
[compressed]
version=INTEGER:0
algorithm=SEQUENCE:zlib
content=SEQUENCE:encapsulated
[zlib]
type=OID:1.2.840.113549.1.9.16.3.8
[encapsulated]
type=OID:1.2.840.113549.1.7.1
content=EXPLICIT:0,FORMAT:HEX,OCTETSTRING:${compressed.toString('hex')}
`),
    );
    const out = join(this.folder, randomUUID());
    this.openssl(['asn1parse', '-genconf', file, '-noout', '-out', out]);
    return readFileSync(out);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private cms(options: readonly string[], input: Buffer): Buffer {
    const out = join(this.folder, randomUUID());
    const [verb = '', ...rest] = options;
    this.openssl(['cms', verb, '-in', this.file(input), '-out', out, ...rest]);
    return readFileSync(out);
  }

  private file(content: Buffer): string {
    const path = join(this.folder, randomUUID());
    writeFileSync(path, content);
    return path;
  }

  private openssl(options: readonly string[]): Buffer {
    return execFileSync('openssl', options, { stdio: 'pipe' });
  }
}

export interface HttpEntity {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const payloadEntity = (content: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(
      'Content-Type: application/edi-x12\r\nContent-Disposition: attachment; filename="po.edi"\r\n\r\n',
    ),
    Buffer.isBuffer(content) ? content : Buffer.from(content, 'latin1'),
  ]);

export const cmsMime = (type: string, der: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `Content-Type: application/pkcs7-mime; smime-type=${type}; name=smime.p7m\r\nContent-Transfer-Encoding: binary\r\n\r\n`,
    ),
    der,
  ]);

/** An entity's own header becomes that of an HTTP message. */
export function toHttp(entity: Buffer): HttpEntity {
  const text = entity.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, end?.index ?? 0).replace(/\r?\n[ \t]+/g, ' ');
  const headers = Object.fromEntries(
    head
      .split(/\r?\n/)
      .map((line) => /^([^:]+):\s*(.*)$/.exec(line))
      .flatMap((match) => (match ? [[match[1]?.toLowerCase(), match[2]] as [string, string]] : [])),
  );
  return { headers, body: entity.subarray((end?.index ?? 0) + (end?.[0].length ?? 0)) };
}

export function fromHttp(headers: Headers, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`Content-Type: ${headers.get('content-type')}\r\n\r\n`, 'latin1'), body]);
}

export const mic = (content: Buffer, digest = 'sha256'): string =>
  createHash(digest).update(content).digest('base64');
