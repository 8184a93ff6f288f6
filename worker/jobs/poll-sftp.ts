import { addJob } from '../../db/jobs';
import { channelsWithoutPoll } from '../../db/repositories/sftp-files';
import { secretsFrom } from '../../gateway/transport/sftp/channel-settings';
import { pollSftpChannel } from '../../gateway/transport/sftp/poll';
import type { JobHandler, Sweep } from './job';

/** What a partner laid into its SFTP folder is fetched; the job leaves the one of the next look. */
export const pollSftp: JobHandler<'poll-sftp'> = async ({ channelId }, { db, log }) => {
  const clock = () => new Date().toISOString();
  const fault = await pollSftpChannel({ db, clock, secretOf: secretsFrom(process.env) }, channelId);
  if (fault !== null) log.warn({ channelId, error: String(fault) }, 'an SFTP folder could not be emptied');
};

/** A channel that is new, or whose job was lost, is polled from now on. */
export const sweepSftp: Sweep = async ({ db }) => {
  for (const channelId of await channelsWithoutPoll(db))
    await addJob(db, 'poll-sftp', { channelId }, { key: channelId });
};
