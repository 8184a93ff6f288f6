import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newRecordId } from '../../db/record-ids';
import type { InboundInterchange } from '../../db/repositories/interchanges';
import { type Arrival, readArrival } from '../../edi/x12/arrival';
import type { InterchangePlace } from '../../edi/x12/arrival-stream';
import { type DeviationCode, deviation, isDeviationCode } from '../../edi/x12/deviation';
import { type IsaHeader, readIsa } from '../../edi/x12/isa';

type ArrivedInterchange = Arrival['interchanges'][number];

/** What an envelope says about itself, blanks removed; '' where the header breaks off before it. */
export interface EnvelopeEnds {
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly control_number: string;
  readonly version: string;
  readonly usage: string;
}

function endsOf(header: IsaHeader): EnvelopeEnds {
  // ISA01 is elements[0]. A header without separators still names its ends where it has the standard's widths.
  const element = (number: number) => (header.elements[number - 1] ?? '').trim().slice(0, 100);
  return {
    sender_qualifier: element(5),
    sender_id: element(6),
    receiver_qualifier: element(7),
    receiver_id: element(8),
    version: element(12),
    control_number: element(13),
    usage: element(15),
  };
}

const sha256Of = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const NOTHING: EnvelopeEnds = {
  sender_qualifier: '',
  sender_id: '',
  receiver_qualifier: '',
  receiver_id: '',
  control_number: '',
  version: '',
  usage: '',
};

/**
 * The interchanges in an arrival, each with the range of archived bytes that holds it. What cannot be read at all is
 * one row as well: it is judged like the others, so that somebody sees it.
 */
export function splitArrival(bytes: Buffer, arrivalId: string): readonly InboundInterchange[] {
  const arrival = readArrival(bytes);
  if (arrival.interchanges.length === 0)
    return [rowOf(arrivalId, 0, NOTHING, { from: 0, to: bytes.byteLength }, sha256Of(bytes), [])];
  return arrival.interchanges.map((interchange, ordinal) =>
    rowOf(
      arrivalId,
      ordinal,
      endsOf(interchange.header),
      rangeOf(interchange, bytes.byteLength),
      sha256Of(interchange.bytes),
      interchange.deviations.map((code) => deviation(code)),
    ),
  );
}

/** Lines that were wrapped can only be joined from the start of the file: such an interchange keeps the whole of it. */
function rangeOf(
  interchange: ArrivedInterchange,
  size: number,
): { readonly from: number; readonly to: number } {
  if (interchange.deviations.includes('wrapped')) return { from: 0, to: size };
  return { from: interchange.offset, to: interchange.offset + interchange.bytes.byteLength };
}

function rowOf(
  arrivalId: string,
  ordinal: number,
  ends: EnvelopeEnds,
  range: { readonly from: number; readonly to: number },
  sha256: Uint8Array,
  deviations: readonly unknown[],
): InboundInterchange {
  return {
    id: newRecordId(),
    arrival_id: arrivalId,
    ordinal,
    byte_offset: range.from,
    byte_length: range.to - range.from,
    sha256,
    ...ends,
    deviations,
    status: 'received',
    arrived_as: null,
    original_id: null,
  };
}

/** The row that stands for a large arrival until its job takes it apart. */
export function unsplitRow(
  head: Buffer,
  size: number,
  sha256: Buffer,
  arrivalId: string,
): InboundInterchange {
  const at = head.indexOf('ISA');
  const ends = at < 0 ? NOTHING : endsOf(readIsa(head, at));
  return { ...rowOf(arrivalId, 0, ends, { from: 0, to: size }, sha256, []), status: 'splitting' };
}

/** The row of an interchange that was found while its arrival streamed by. */
export function placedRow(place: InterchangePlace, ordinal: number, arrivalId: string): InboundInterchange {
  const range = { from: place.offset, to: place.offset + place.length };
  return rowOf(
    arrivalId,
    ordinal,
    endsOf(place.header),
    range,
    place.hash,
    place.deviations.map((code) => deviation(code)),
  );
}

/** Stands for an arrival as a whole, where it cannot be taken apart. */
export function wholeRow(arrival: {
  readonly id: string;
  readonly size: number;
  readonly sha256: Uint8Array;
}) {
  return rowOf(arrival.id, 0, NOTHING, { from: 0, to: arrival.size }, arrival.sha256, []);
}

const storedDeviations = z.array(
  z.object({ code: z.custom<DeviationCode>((code) => isDeviationCode(String(code))) }),
);

/**
 * The interchange of a row, from the archived range that it keeps. What stood around it in its file (a byte-order mark,
 * other data) is not in the range; the row remembers it, and the judge is told.
 */
export function interchangeIn(
  bytes: Buffer,
  row: { readonly ordinal: number; readonly deviations: unknown },
): { readonly interchange: ArrivedInterchange | null; readonly error: string | null } {
  const arrival = readArrival(bytes);
  // A range that holds one interchange has it first; a wrapped file holds all of them.
  const found = arrival.interchanges[row.ordinal] ?? arrival.interchanges[0];
  if (!found) return { interchange: null, error: arrival.error };
  const before = storedDeviations.parse(row.deviations).map(({ code }) => code);
  return {
    interchange: { ...found, deviations: [...new Set([...before, ...found.deviations])] },
    error: arrival.error,
  };
}
