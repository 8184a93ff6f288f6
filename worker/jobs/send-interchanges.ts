import { sendInterchanges as send } from '../../gateway/outbound/send-interchanges';
import { httpsPush } from '../../gateway/transport/https/push';
import { secretsFrom } from '../../gateway/transport/sftp/channel-settings';
import type { JobHandler } from './job';

type As2 = typeof import('../../gateway/transport/as2/send-message');
type Sftp = typeof import('../../gateway/transport/sftp/send');
// Loaded with the first document that leaves by a connection of the hub's own: a hub whose partners fetch needs neither.
const as2Transport = () => require('../../gateway/transport/as2/send-message') as As2;
const sftpTransport = () => require('../../gateway/transport/sftp/send') as Sftp;

/** Interchanges leave by their channel, in the order of their numbers. */
export const sendInterchanges: JobHandler<'send-interchanges'> = async ({ channelId }, { db, as2 }) => {
  const now = () => new Date().toISOString();
  const sftp = sftpTransport().sftpSender(secretsFrom(process.env));
  const senders = { 'https-push': httpsPush, as2: as2Transport().createAs2Sender({ db, now, ...as2 }), sftp };
  try {
    await send(db, channelId, senders, now);
  } finally {
    await sftp.end();
  }
};
