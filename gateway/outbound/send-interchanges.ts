import { raiseException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { markTransmitted, oldestUnsent, type UnsentInterchange } from '../../db/repositories/outbox';
import { addSeconds } from '../../domain/shared/dates';

/** How a kind of channel takes an interchange. It throws when the partner did not confirm that it has the bytes. */
export interface ChannelSender {
  /**
   * @returns 'delivered' when receipt is confirmed, 'sent' when a receipt is still to come (an asynchronous MDN),
   * 'undeliverable' when the partner answered that it does not take it: the same bytes again would not help, and the
   * sender has told somebody
   */
  send(
    interchange: UnsentInterchange,
    settings: unknown,
    channelId: string,
  ): Promise<'delivered' | 'sent' | 'undeliverable'>;
}

export type ChannelSenders = Readonly<Record<string, ChannelSender>>;

/**
 * Sends what a channel has waiting, in the order it was numbered: one sender a channel, held by its row lock, and it
 * stops at the first that fails, so that the wire order ascends (the job tries again).
 */
export async function sendInterchanges(
  db: Db,
  channelId: string,
  senders: ChannelSenders,
  clock: () => string,
): Promise<number> {
  let sent = 0;
  while (await db.transaction((tx) => sendNext(tx, channelId, senders, clock()))) sent += 1;
  return sent;
}

async function sendNext(tx: Tx, channelId: string, senders: ChannelSenders, now: string): Promise<boolean> {
  const channel = await tx('channel').where({ id: channelId }).forNoKeyUpdate().first('kind', 'settings');
  // A mailbox is emptied by the partner.
  if (!channel || channel.kind === 'https-mailbox') return false;
  const next = await oldestUnsent(tx, channelId);
  if (!next) return false;
  const sender = senders[channel.kind];
  if (!sender) {
    await raiseException(tx, {
      kind: 'channel-without-sender',
      subjectKey: channelId,
      text: `Channel ${channelId} is of the kind ${channel.kind}, which this hub cannot send by yet; its interchanges wait.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 3600),
      data: { channelId, kind: channel.kind },
    });
    return false;
  }
  const outcome = await sender.send(next, channel.settings, channelId);
  await markTransmitted(tx, next.id, outcome, now);
  return true;
}
