import { clearException, raiseException } from '../../../application/record/raise-exception';
import { addJob } from '../../../db/jobs';
import { addSeconds } from '../../../domain/shared/dates';
import { type CollectDependencies, collectFromSftp } from './collect';

/** A server that cannot be reached is not asked more often than this, whatever the channel's own pace. */
const AFTER_FAULT_SECONDS = 30;

/**
 * One look at a channel's folder, and the job of the next. A fault is an exception that somebody sees and that goes by
 * itself with the next look that works; it never ends the polling.
 * @returns the fault, for the log
 */
export async function pollSftpChannel(
  dependencies: CollectDependencies,
  channelId: string,
): Promise<Error | null> {
  const { db, clock } = dependencies;
  let fault: Error | null = null;
  let seconds: number | null = AFTER_FAULT_SECONDS;
  try {
    seconds = await collectFromSftp(dependencies, channelId);
    await clearException(db, 'sftp-poll-failed', channelId, 'the folder could be read again', clock());
  } catch (error) {
    fault = error instanceof Error ? error : new Error(String(error));
    await raiseException(db, {
      kind: 'sftp-poll-failed',
      subjectKey: channelId,
      text: `The SFTP folder of channel ${channelId} could not be emptied (${fault.message}). It is tried again by itself.`,
      ownerRole: 'operations',
      dueAt: addSeconds(clock(), 3600),
      data: { channelId },
    });
  }
  if (seconds !== null) {
    const runAt = addSeconds(clock(), seconds);
    await addJob(db, 'poll-sftp', { channelId }, { key: channelId, runAt });
  }
  return fault;
}
