import { createHash } from 'node:crypto';
import { type DigestName, digestByName, digestNames } from './cms/algorithms';

/** Message integrity checks: base64 by digest. All of them, for it is the receiver of a message who chooses. */
export type Mics = Readonly<Record<DigestName, string>>;

export function micsOf(content: Uint8Array): Mics {
  return Object.fromEntries(
    digestNames.map((name) => [name, createHash(name).update(content).digest('base64')]),
  ) as Mics;
}

/** 'Zm9v..., sha-256' of a Received-content-MIC (RFC 4130 section 7.4.3). */
export function parseMic(text: string): { readonly mic: string; readonly digest: DigestName | undefined } {
  const [mic = '', algorithm = 'sha1'] = text.split(',').map((part) => part.trim());
  return { mic: mic.replace(/\s+/g, ''), digest: digestByName(algorithm) };
}

export interface ReceiptWish {
  /** An unsigned one where it is not asked for. */
  readonly signed: boolean;
  /** As the sender spelt it, which is how it is answered; the first of its choices that is known here. */
  readonly micalg: { readonly digest: DigestName; readonly spelling: string } | null;
  /** It insists on something that is not known here, in its words. */
  readonly unsupported: 'protocol' | 'micalg' | null;
}

/** Disposition-Notification-Options (RFC 4130 section 7.3). */
export function receiptWish(options: string | undefined, signedWith: DigestName | null): ReceiptWish {
  const choices = new Map<string, { readonly importance: string; readonly values: readonly string[] }>();
  for (const parameter of (options ?? '').split(';')) {
    const [name = '', list = ''] = parameter.split('=');
    const [importance = '', ...values] = list
      .replaceAll('"', '')
      .split(',')
      .map((one) => one.trim());
    choices.set(name.trim().toLowerCase(), { importance: importance.toLowerCase(), values });
  }
  const protocol = choices.get('signed-receipt-protocol');
  const algorithms = choices.get('signed-receipt-micalg');
  const known = (algorithms?.values ?? []).flatMap((spelling) => {
    const digest = digestByName(spelling);
    return digest ? [{ digest, spelling }] : [];
  });
  const signed = protocol?.values.some((value) => /^(x-)?pkcs7-signature$/i.test(value)) ?? false;
  return {
    signed,
    // The digest of the signature where the sender lets us choose it, so that what it has computed already will do.
    micalg: known.find(({ digest }) => digest === signedWith) ?? known[0] ?? null,
    unsupported:
      protocol?.importance === 'required' && !signed
        ? 'protocol'
        : algorithms?.importance === 'required' && known.length === 0
          ? 'micalg'
          : null,
  };
}
