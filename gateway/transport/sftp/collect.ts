import { createHash } from 'node:crypto';
import { clearException, raiseException } from '../../../application/record/raise-exception';
import type { Db } from '../../../db/connection';
import {
  addPickup,
  agreedIsaIds,
  aloneOnChannel,
  lastLooks,
  markRemoved,
  pickupsOf,
  type RemoteFile,
  refuseFile,
  rememberLooks,
} from '../../../db/repositories/sftp-files';
import { addSeconds } from '../../../domain/shared/dates';
import { ArrivalTooLarge } from '../../intake/archive';
import { type ArrivalSource, receiveArrival, SenderNotAllowed } from '../../intake/receive-arrival';
import { type InboundSettings, parseSftpSettings, type SecretOf } from './channel-settings';
import { connectSftp, type SftpConnection } from './connect';

export const SFTP_LIMIT_BYTES = 1024 * 1024 * 1024;

/** What OpenSSH gives at most for one request; over a long line the size of a request is what makes it fast. */
const READ_BYTES = 256 * 1024;

export interface CollectDependencies {
  readonly db: Db;
  readonly secretOf: SecretOf;
  readonly clock: () => string;
  /** 1 GB where it is not given. */
  readonly limitBytes?: number;
}

interface Visit extends CollectDependencies {
  readonly channelId: string;
  readonly inbound: InboundSettings;
  readonly source: ArrivalSource;
  readonly connection: SftpConnection;
}

/**
 * One look at a partner's folder: files that are complete are archived, then moved or deleted there. A file is complete
 * when two looks, one poll apart, show the same size and time. One poller a channel.
 * @returns seconds until the next look; null where the channel is not there to be polled (any more)
 * @throws where the server cannot be reached or something there does not work; what was archived stays archived
 */
export async function collectFromSftp(
  dependencies: CollectDependencies,
  channelId: string,
): Promise<number | null> {
  const { db, secretOf } = dependencies;
  const channel = await db('channel').where({ id: channelId, kind: 'sftp' }).first('settings');
  if (!channel) return null;
  const settings = parseSftpSettings(channel.settings);
  const { inbound } = settings;
  if (!inbound) return null;
  await aloneOnChannel(db, channelId, async () => {
    const connection = await connectSftp(settings, secretOf);
    try {
      const source = await sourceOf(db, channelId, settings.user, inbound);
      await visit({ ...dependencies, channelId, inbound, source, connection });
    } finally {
      await connection.close();
    }
  });
  return inbound.pollSeconds;
}

async function sourceOf(
  db: Db,
  channelId: string,
  user: string,
  inbound: InboundSettings,
): Promise<ArrivalSource> {
  const agreed = await agreedIsaIds(db, channelId);
  const [partnerId = null, ...others] = agreed.partnerIds;
  return {
    kind: 'sftp',
    key: `${channelId}/${user}`,
    partnerId: others.length > 0 ? null : partnerId,
    allowedIsaIds: inbound.isaIds ?? agreed.isaIds,
  };
}

async function visit(here: Visit): Promise<void> {
  const { db, channelId, inbound, connection, clock } = here;
  const before = await lastLooks(db, channelId);
  const listing = await connection.client.list(inbound.folder);
  const files = listing
    .filter(({ type, name }) => type === '-' && isMeant(name))
    .map(
      ({ name, size, modifyTime }): RemoteFile => ({
        name,
        size,
        modifiedAt: new Date(modifyTime).toISOString(),
      }),
    )
    // What came first is taken first.
    .sort((a, b) =>
      a.modifiedAt === b.modifiedAt ? (a.name < b.name ? -1 : 1) : a.modifiedAt < b.modifiedAt ? -1 : 1,
    );
  const now = clock();
  await rememberLooks(db, channelId, files, now);
  for (const file of files) {
    const look = before.get(file.name);
    if (look?.size !== file.size || look.modified_at !== file.modifiedAt || look.refused !== null) continue;
    await pickUp(here, file);
  }
}

/** Hidden files and those that are still being written by those who name them so. */
const isMeant = (name: string): boolean =>
  !name.startsWith('.') && !name.includes('/') && !/\.(tmp|part|partial|filepart|writing)$/i.test(name);

async function pickUp(here: Visit, file: RemoteFile): Promise<void> {
  const { db, channelId, inbound, connection, clock } = here;
  const path = `${inbound.folder}/${file.name}`;
  try {
    const arrivalId = (await alreadyTaken(here, file, path)) ?? (await take(here, file, path));
    const { client } = connection;
    // The id in its name: an archive folder may hold an older file of this name already.
    if (inbound.afterPickup === 'delete') await client.delete(path);
    else await client.rename(path, `${inbound.afterPickup.archiveFolder}/${arrivalId}-${file.name}`);
    await markRemoved(db, arrivalId, clock());
    await clearException(db, 'sftp-file-refused', `${channelId}/${file.name}`, 'it was picked up', clock());
  } catch (error) {
    if (!(error instanceof ArrivalTooLarge || error instanceof SenderNotAllowed)) throw error;
    await refuseFile(db, channelId, file.name, error.message);
    await raiseException(db, {
      kind: 'sftp-file-refused',
      subjectKey: `${channelId}/${file.name}`,
      text: `${file.name} (${file.size} bytes) in ${inbound.folder} of channel ${channelId} is not taken: ${error.message}. It stays there until somebody removes or replaces it.`,
      ownerRole: 'operations',
      dueAt: addSeconds(clock(), 4 * 3600),
      data: { channelId, name: file.name, size: file.size },
    });
  }
}

/** The arrival that holds these very bytes, where a crash came between archiving the file and removing it. */
async function alreadyTaken(here: Visit, file: RemoteFile, path: string): Promise<string | null> {
  const known = await pickupsOf(here.db, here.channelId, file);
  if (known.length === 0) return null;
  const hash = createHash('sha256');
  for await (const part of bytesOf(here, file, path)) hash.update(part);
  const sha256 = hash.digest();
  return known.find((pickup) => pickup.sha256.equals(sha256))?.arrival_id ?? null;
}

async function take(here: Visit, file: RemoteFile, path: string): Promise<string> {
  const { db, channelId, source, clock, limitBytes = SFTP_LIMIT_BYTES } = here;
  if (file.size > limitBytes) throw new ArrivalTooLarge(limitBytes);
  const at = clock();
  const received = await receiveArrival(db, bytesOf(here, file, path), source, {
    now: at,
    limitBytes,
    alongside: (writes, arrival) => addPickup(writes, channelId, file, { ...arrival, at }),
  });
  return received.arrivalId;
}

/** The file as it was listed: one that changes while it is read is not complete, and nothing of it is kept. */
async function* bytesOf({ connection }: Visit, file: RemoteFile, path: string): AsyncGenerator<Uint8Array> {
  const { client, lost } = connection;
  const stream = client.createReadStream(path, { highWaterMark: READ_BYTES });
  const end = () => stream.destroy(lost.reason as Error);
  lost.addEventListener('abort', end, { once: true });
  let size = 0;
  try {
    lost.throwIfAborted();
    for await (const part of stream as AsyncIterable<Buffer>) {
      size += part.byteLength;
      yield part;
    }
  } finally {
    lost.removeEventListener('abort', end);
    stream.destroy();
  }
  lost.throwIfAborted();
  const after = await client.stat(path);
  if (
    size !== file.size ||
    after.size !== file.size ||
    new Date(after.modifyTime).toISOString() !== file.modifiedAt
  )
    throw new Error(`${file.name} changed while it was read; it is looked at again`);
}
