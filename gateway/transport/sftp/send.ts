import type { ChannelSender } from '../../outbound/send-interchanges';
import { parseSftpSettings, type SecretOf } from './channel-settings';
import { connectSftp, type SftpConnection } from './connect';

/**
 * Writes interchanges into the partner's folder: under a temporary name first, so that nobody there reads half of one.
 * The name holds the interchange's id: whether it got there before a lost answer can be seen, and it is not written
 * twice while the partner has not taken it away. One connection serves all that a
 * channel has waiting, until `end`.
 */
export function sftpSender(secretOf: SecretOf): ChannelSender & { readonly end: () => Promise<void> } {
  let open: SftpConnection | null = null;
  const end = async () => {
    const connection = open;
    open = null;
    await connection?.close();
  };
  return {
    end,
    async send(interchange, stored) {
      const settings = parseSftpSettings(stored);
      if (!settings.outbound) throw new Error('the channel has no outbound folder');
      const { folder } = settings.outbound;
      if (open?.lost.aborted) open = null;
      open ??= await connectSftp(settings, secretOf);
      const { client } = open;
      const name = `${folder}/${interchange.control_number}-${interchange.id}.edi`;
      const temporary = `${name}.tmp`;
      try {
        if (await isThere(open, name, interchange.content)) return 'delivered';
        await client.put(interchange.content, temporary);
        await client.rename(temporary, name);
      } catch (error) {
        // Whatever went wrong, the next try begins with a connection that is known to be good.
        await end();
        throw error;
      }
      return 'delivered';
    },
  };
}

/** Names hold the id, and the bytes of an id never change: anything else under the name is what a fault left. */
async function isThere({ client }: SftpConnection, name: string, content: Buffer): Promise<boolean> {
  if ((await client.exists(name)) === false) return false;
  const there = (await client.get(name)) as Buffer;
  if (there.equals(content)) return true;
  await client.delete(name, true);
  return false;
}
