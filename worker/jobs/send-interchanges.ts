import { sendInterchanges as send } from '../../gateway/outbound/send-interchanges';
import { createAs2Sender } from '../../gateway/transport/as2/send-message';
import { httpsPush } from '../../gateway/transport/https/push';
import { secretsFrom } from '../../gateway/transport/sftp/channel-settings';
import { sftpSender } from '../../gateway/transport/sftp/send';
import type { JobHandler } from './job';

/** Interchanges leave by their channel, in the order of their numbers. */
export const sendInterchanges: JobHandler<'send-interchanges'> = async ({ channelId }, { db, as2 }) => {
  const now = () => new Date().toISOString();
  const sftp = sftpSender(secretsFrom(process.env));
  const senders = { 'https-push': httpsPush, as2: createAs2Sender({ db, now, ...as2 }), sftp };
  try {
    await send(db, channelId, senders, now);
  } finally {
    await sftp.end();
  }
};
