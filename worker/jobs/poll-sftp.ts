import { addJob } from '../../db/jobs';
import { channelsWithoutPoll } from '../../db/repositories/sftp-files';
import { secretsFrom } from '../../gateway/transport/sftp/channel-settings';
import type { JobHandler, Sweep } from './job';

type Polling = typeof import('../../gateway/transport/sftp/poll');
/** Loaded with the first folder that is polled. */
const polling = () => require('../../gateway/transport/sftp/poll') as Polling;

/** What a partner laid into its SFTP folder is fetched; the job leaves the one of the next look. */
export const pollSftp: JobHandler<'poll-sftp'> = async ({ channelId }, { db, log }) => {
  const clock = () => new Date().toISOString();
  const fault = await polling().pollSftpChannel({ db, clock, secretOf: secretsFrom(process.env) }, channelId);
  if (fault !== null) log.warn({ channelId, error: String(fault) }, 'an SFTP folder could not be emptied');
};

/** A channel that is new, or whose job was lost, is polled from now on. */
export const sweepSftp: Sweep = async ({ db }) => {
  for (const channelId of await channelsWithoutPoll(db))
    await addJob(db, 'poll-sftp', { channelId }, { key: channelId });
};
