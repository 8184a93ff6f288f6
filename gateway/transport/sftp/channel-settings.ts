import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Name of an environment variable; NAME_FILE may hold the path of a file instead. The row never holds the secret, and
 * only names of this family are read: whoever may edit a channel cannot have another secret sent to a host of theirs.
 */
const secretName = z
  .string()
  .regex(/^SFTP_[A-Z0-9_]{1,99}$/, 'is not the name of a variable that begins with SFTP_');
const folder = z.string().min(1).max(500);

const inbound = z.object({
  folder,
  pollSeconds: z.number().int().min(1).max(86_400).default(60),
  /** `delete`, or the folder on the partner's server that takes what was picked up. */
  afterPickup: z.union([z.object({ archiveFolder: folder }), z.literal('delete')]),
  /** Whose interchanges may come by it ('ZZ:ACME', 'ACME', '*' for a VAN); those of the channel's agreements by default. */
  isaIds: z.array(z.string().min(1)).min(1).optional(),
});

export const sftpSettings = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(22),
  user: z.string().min(1),
  secret: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('password'), name: secretName }),
    z.object({ kind: z.literal('private-key'), name: secretName, passphraseName: secretName.optional() }),
  ]),
  /** As `ssh-keygen -l` prints it. No other key is ever trusted. */
  hostKeyFingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'is not SHA256:... of a host key'),
  inbound: inbound.optional(),
  outbound: z.object({ folder }).optional(),
  timeoutMs: z.number().int().min(100).max(120_000).default(20_000),
});

export type SftpSettings = z.output<typeof sftpSettings>;
export type InboundSettings = z.output<typeof inbound>;

/** @throws ZodError that names every fault of the channel's row */
export const parseSftpSettings = (stored: unknown): SftpSettings => sftpSettings.parse(stored);

export type SecretOf = (name: string) => string;

/**
 * Secrets by name, read anew each time so that a rotated one serves at once.
 * @throws where neither NAME nor NAME_FILE is set; never with the secret in its text
 */
export function secretsFrom(environment: Readonly<Record<string, string | undefined>>): SecretOf {
  return (name) => {
    const path = environment[`${name}_FILE`];
    const value = environment[name] || (path ? readFileSync(path, 'utf8').replace(/\r?\n$/, '') : '');
    if (!value) throw new Error(`neither ${name} nor ${name}_FILE is set for this process`);
    return value;
  };
}
