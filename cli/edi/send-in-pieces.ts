import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { callHub, HubCommandError } from '../hub-api';
import { cutIntoPieces, type Piece } from './pieces';

export interface SentReply {
  readonly interchanges: readonly {
    readonly id: string;
    readonly status: string;
    readonly href: string;
    readonly ta1?: { readonly code: string; readonly note: string };
    readonly functionalAcks?: readonly string[];
    /** Why it could not be judged. */
    readonly problem?: string | null;
  }[];
}

/** A piece of 50 MB may go over a slow line. */
const PIECE_TIMEOUT_MS = 10 * 60_000;
/** Taking a piece apart takes the hub seconds; without a worker it never begins. */
const TAKEN_APART_WITHIN_MS = 5 * 60_000;

/**
 * Sends a file that is larger than what the hub takes at once, cut between its interchanges, each piece when the hub
 * has taken the one before it apart: so they are judged in the order of the file.
 * @throws HubCommandError that says how far it came; to send the file again does no harm
 */
export async function sendInPieces(
  file: string,
  key: string,
  mostBytes: number,
  told: (piece: Piece, at: number, of: number, reply: SentReply) => void,
): Promise<void> {
  const handle = await open(file);
  try {
    const { mtimeMs, size } = await handle.stat();
    const pieces = await cutIntoPieces(file, mostBytes);
    for (const [at, piece] of pieces.entries()) {
      try {
        const now = await handle.stat();
        if (now.mtimeMs !== mtimeMs || now.size !== size)
          throw new HubCommandError('The file is being changed while it is sent.');
        const reply = await sendPiece(await readPiece(handle, piece), key);
        told(piece, at + 1, pieces.length, reply);
        if (at + 1 < pieces.length) await takenApart(reply, key);
      } catch (error) {
        if (!(error instanceof HubCommandError)) throw error;
        throw new HubCommandError(
          `${error.message}\nStopped at piece ${at + 1} of ${pieces.length}. Send the file again: what the hub has already is answered as a duplicate and counts once.`,
        );
      }
    }
  } finally {
    await handle.close();
  }
}

async function readPiece(handle: FileHandle, { from, to }: Piece): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) throw new HubCommandError('The file became shorter while it was sent.');
    filled += bytesRead;
  }
  return bytes;
}

async function sendPiece(bytes: Buffer, key: string): Promise<SentReply> {
  return (await callHub('/edi', { method: 'POST', bytes, key, timeoutMs: PIECE_TIMEOUT_MS })) as SentReply;
}

async function takenApart(reply: SentReply, key: string): Promise<void> {
  const [first] = reply.interchanges;
  if (!first) return;
  const until = Date.now() + TAKEN_APART_WITHIN_MS;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 1.5, 1000)) {
    const { status } = (await callHub(first.href, { key })) as { status: string };
    if (status !== 'splitting') return;
    if (Date.now() > until)
      throw new HubCommandError('The hub does not begin to work on what it was sent: is a worker running?');
    await pause(waitMs);
  }
}
