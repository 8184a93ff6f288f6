import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { placesIn, WrappedArrival } from '../../edi/x12/arrival-stream';
import { HubCommandError } from '../hub-api';

/** A range of a file that is sent as one. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly interchanges: number;
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);

/**
 * Cuts a file between its interchanges into pieces of at most so many bytes; one after the other they are the file.
 * The file streams by: its size does not count in memory.
 * @throws HubCommandError where it cannot be cut, before anything was sent
 */
export async function cutIntoPieces(file: string, mostBytes: number): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  let from = 0;
  let to = 0;
  let interchanges = 0;
  const add = (end: number, controlNumber: string) => {
    if (end - to > mostBytes)
      throw new HubCommandError(
        `Interchange ${controlNumber} ends ${megabytes(end - to)} MB behind the one before it, and at most ${megabytes(mostBytes)} MB are taken as one: ask for smaller interchanges. Nothing was sent.`,
      );
    if (end - from > mostBytes) {
      pieces.push({ from, to, interchanges });
      from = to;
      interchanges = 0;
    }
    to = end;
  };
  try {
    for await (const place of placesIn(createReadStream(file), () => createHash('sha256'))) {
      add(place.offset + place.length, (place.header.elements[12] ?? '').trim());
      interchanges += 1;
    }
  } catch (error) {
    if (!(error instanceof WrappedArrival)) throw error;
    throw new HubCommandError(
      'Its lines are wrapped at a fixed width, so that it cannot be cut into pieces: unwrap it first. Nothing was sent.',
    );
  }
  if (interchanges === 0)
    throw new HubCommandError(
      'There is no interchange in it that could be sent by itself. Nothing was sent.',
    );
  return [...pieces, { from, to, interchanges }];
}
