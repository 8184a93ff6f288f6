import { createHash, timingSafeEqual } from 'node:crypto';
import SftpClient from 'ssh2-sftp-client';
import type { SecretOf, SftpSettings } from './channel-settings';

/** A connection to a partner's server. */
export interface SftpConnection {
  readonly client: SftpClient;
  /** Aborted when the connection is gone. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/**
 * Connects with the channel's account. A host that shows another key than the pinned one gets no credentials.
 * @throws where it cannot be reached, is another host, or refuses the account
 */
export async function connectSftp(settings: SftpSettings, secretOf: SecretOf): Promise<SftpConnection> {
  const lost = new AbortController();
  const gone = (error?: unknown) =>
    lost.abort(error instanceof Error ? error : new Error(`the connection to ${settings.host} was lost`));
  const client = new SftpClient('order-hub', { error: gone, end: () => gone(), close: () => gone() });
  let shown = '';
  const { secret } = settings;
  try {
    await client.connect({
      host: settings.host,
      port: settings.port,
      username: settings.user,
      readyTimeout: settings.timeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      retries: 0,
      hostVerifier: (key: Buffer) => {
        shown = fingerprintOf(key);
        return isPinned(settings.hostKeyFingerprint, shown);
      },
      ...(secret.kind === 'password'
        ? { password: secretOf(secret.name) }
        : {
            privateKey: secretOf(secret.name),
            ...(secret.passphraseName === undefined ? {} : { passphrase: secretOf(secret.passphraseName) }),
          }),
    });
  } catch (error) {
    if (shown !== '' && !isPinned(settings.hostKeyFingerprint, shown))
      throw new Error(`${settings.host} shows the host key ${shown}, which is not the one agreed`);
    throw error;
  }
  // Each read is a small request that waits for its answer: held back to be sent together they take 40 ms each.
  (client as unknown as { client: { setNoDelay(on: boolean): unknown } }).client.setNoDelay(true);
  return {
    client,
    lost: lost.signal,
    close: async () => {
      // A connection that is gone already is closed.
      if (!lost.signal.aborted) await client.end().catch(() => undefined);
    },
  };
}

const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

function isPinned(pinned: string, shown: string): boolean {
  const one = Buffer.from(pinned.replace(/=+$/, ''));
  const other = Buffer.from(shown);
  return one.length === other.length && timingSafeEqual(one, other);
}
