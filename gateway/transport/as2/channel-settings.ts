import { z } from 'zod';
import { raiseException } from '../../../application/record/raise-exception';
import type { Db } from '../../../db/connection';
import { addSeconds } from '../../../domain/shared/dates';
import { cipherNames, digestNames } from './cms/algorithms';
import { type As2Certificate, type As2Key, isValidAt, readCertificate, readKey } from './cms/certificates';

/** AS2 names: printable, 1 to 128 characters, no quote or backslash (RFC 4130 section 6.2). */
const as2Id = z.string().regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'is not a valid AS2 name');
const address = z.url({ protocol: /^https?$/, error: 'is not an http or https address' });
/** Of an environment variable; NAME_FILE may hold the path of a file instead. Other secrets cannot be named. */
const secretName = z
  .string()
  .regex(/^AS2_[A-Z0-9_]+$/, 'is not the name of an environment variable that begins with AS2_');

const partnerCertificate = z.union([
  z.string().transform((pem) => ({ pem, use: 'both' as const, from: undefined })),
  z.object({
    pem: z.string(),
    use: z.enum(['both', 'verify', 'encrypt']).default('both'),
    /** From when on we encrypt with it; what it signs is believed as soon as it is valid. */
    from: z.iso.datetime({ offset: true }).optional(),
  }),
]);

const mdn = z
  .object({
    mode: z.enum(['sync', 'async', 'none']).default('sync'),
    signed: z.boolean().default(true),
    /** Where the partner sends an asynchronous MDN: this hub's /as2 as it is seen from outside. */
    url: address.optional(),
    /** After so long without an asynchronous MDN somebody is told. */
    waitMinutes: z.number().int().min(1).max(10_080).default(120),
  })
  .refine(({ mode, url }) => mode !== 'async' || url !== undefined, {
    error: 'an asynchronous MDN needs mdn.url, the address it comes to',
  });

/** What `channel.settings` holds where `channel.kind` is 'as2'. */
export const as2Settings = z.object({
  partnerAs2Id: as2Id,
  /** HUB_AS2_ID where it is not given. */
  ownAs2Id: as2Id.optional(),
  url: address,
  // A transaction waits while it is sent, and the database ends one that is idle for two minutes.
  timeoutMs: z.number().int().min(100).max(100_000).default(60_000),
  /** 'ZZ:ACME', 'ACME' or '*': whose interchanges may come by this channel. */
  isaIds: z.array(z.string()).min(1),
  partnerCertificates: z.array(partnerCertificate).min(1),
  ownKeys: z
    .array(
      z.object({
        key: secretName,
        certificate: secretName,
        /** From when on we sign with it; what is encrypted for it is read at any time. */
        from: z.iso.datetime({ offset: true }).optional(),
      }),
    )
    .min(1),
  signature: z.enum(digestNames).nullable().default('sha256'),
  encryption: z.enum(cipherNames).nullable().default('aes256-cbc'),
  keyTransport: z.enum(['rsa', 'rsa-oaep-sha256']).default('rsa'),
  compression: z.enum(['none', 'before-signing', 'after-signing']).default('none'),
  mdn: mdn.default({ mode: 'sync', signed: true, waitMinutes: 120 }),
  /** What a message that comes in must have; without it the answer is insufficient-message-security. */
  inbound: z
    .object({ signed: z.boolean().default(true), encrypted: z.boolean().default(true) })
    .default({ signed: true, encrypted: true }),
  /** Hosts, besides that of `url`, that receipts for messages nobody vouches for may be sent to. */
  receiptHosts: z.array(z.string()).default([]),
});
export type As2Settings = z.output<typeof as2Settings>;

/** Reads NAME, or the file that NAME_FILE names; null where neither is set. */
export type ReadSecret = (name: string) => string | null;

export interface As2Channel {
  readonly id: string;
  readonly settings: As2Settings;
  readonly ownAs2Id: string;
  readonly keys: readonly (As2Key & { readonly from: string })[];
  readonly certificates: readonly {
    readonly certificate: As2Certificate;
    readonly use: 'both' | 'verify' | 'encrypt';
    readonly from: string;
  }[];
}

/** The channel is set up wrongly on our side; nothing can be said about any message. */
export class As2ChannelFault extends Error {
  readonly channelId: string;
  constructor(channelId: string, text: string) {
    super(`AS2 channel ${channelId}: ${text}`);
    this.name = 'As2ChannelFault';
    this.channelId = channelId;
  }
}

/** @throws As2ChannelFault with everything that is wrong with the settings, or the first key that cannot be used */
export function openChannel(
  id: string,
  stored: unknown,
  { hubAs2Id, secret }: { readonly hubAs2Id: string; readonly secret: ReadSecret },
): As2Channel {
  const parsed = as2Settings.safeParse(stored);
  if (!parsed.success) throw new As2ChannelFault(id, z.prettifyError(parsed.error));
  const settings = parsed.data;
  const read = (name: string): string => {
    const value = secret(name);
    if (!value) throw new Error(`neither ${name} nor ${name}_FILE is set for this process`);
    return value;
  };
  try {
    return {
      id,
      settings,
      ownAs2Id: settings.ownAs2Id ?? hubAs2Id,
      keys: settings.ownKeys.map(({ key, certificate, from }) => {
        const pair = readKey(read(key), read(certificate));
        return { ...pair, from: laterOf(pair.certificate.notBefore, from) };
      }),
      certificates: settings.partnerCertificates.map(({ pem, use, from }) => {
        const certificate = readCertificate(pem);
        return { certificate, use, from: laterOf(certificate.notBefore, from) };
      }),
    };
  } catch (error) {
    throw new As2ChannelFault(id, (error as Error).message);
  }
}

const laterOf = (notBefore: string, from: string | undefined): string => {
  const wanted = from ? new Date(from).toISOString() : notBefore;
  return wanted > notBefore ? wanted : notBefore;
};

/** Of several that are good now, the one whose time began last: the new one takes over when its time comes. */
function latest<T extends { readonly from: string; readonly certificate: As2Certificate }>(
  all: readonly T[],
  now: string,
): T | undefined {
  return all
    .filter(({ from, certificate }) => from <= now && isValidAt(certificate, now))
    .reduce<T | undefined>((best, one) => (best && best.from >= one.from ? best : one), undefined);
}

export function signingKey(channel: As2Channel, now: string): As2Key {
  const key = latest(channel.keys, now);
  if (!key) throw new As2ChannelFault(channel.id, 'none of our certificates is valid now');
  return key;
}

export function encryptionCertificate(channel: As2Channel, now: string): As2Certificate {
  const usable = channel.certificates.filter(({ use }) => use !== 'verify');
  const found = latest(usable, now);
  if (!found)
    throw new As2ChannelFault(channel.id, 'no certificate of the partner for encryption is valid now');
  return found.certificate;
}

export const verificationCertificates = (channel: As2Channel): readonly As2Certificate[] =>
  channel.certificates.filter(({ use }) => use !== 'encrypt').map(({ certificate }) => certificate);

/** Whoever runs the hub is told; the partner only hears that the fault is ours. */
export async function raiseChannelFault(db: Db, fault: As2ChannelFault, now: string): Promise<void> {
  await raiseException(db, {
    kind: 'as2-channel-fault',
    subjectKey: fault.channelId,
    text: `${fault.message}. Nothing can be exchanged until its settings are right.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 3600),
    priority: 1,
    data: { channelId: fault.channelId },
  });
}
