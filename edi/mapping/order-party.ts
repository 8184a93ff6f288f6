import type { Party, PostalAddress } from '../../domain/order/order-request';
import type { Loop, Segment } from '../x12/model';
import type { OrderContent, Place } from './order-content';
import { SegmentReader } from './segment-reader';

interface AddressParts {
  readonly lines: string[];
  city?: string | undefined;
  region?: string | undefined;
  postalCode?: string | undefined;
  country?: string | undefined;
}

/** An N1 loop: N1, N2, N3, N4; what else stands in it is kept as notes or named as unhandled. */
export function readParty(loop: Loop, content: OrderContent, outer: Place): Party {
  const opening = loop.segments[0];
  const n1 = opening === undefined ? undefined : new SegmentReader(opening);
  const role = n1?.value(1) ?? '';
  const name = n1?.value(2);
  const idQualifier = n1?.value(3);
  const id = n1?.value(4);
  const place: Place = {
    label: `${outer.label}party ${[role, id].filter(Boolean).join(' ')}: `,
    path: outer.path,
    dates: null,
    references: null,
    kept: outer.kept,
  };
  if (n1 !== undefined) content.leftovers(n1, place);
  const parts: AddressParts = { lines: [] };
  for (const segment of loop.segments.slice(1)) readPartySegment(segment, parts, content, place);
  for (const inner of loop.loops) unhandledLoop(inner, content, place);
  const address = postalAddress(parts);
  return {
    role,
    ...(name === undefined ? {} : { name }),
    ...(idQualifier === undefined ? {} : { idQualifier }),
    ...(id === undefined ? {} : { id }),
    ...(address === undefined ? {} : { address }),
  };
}

function readPartySegment(segment: Segment, parts: AddressParts, content: OrderContent, place: Place): void {
  const reader = new SegmentReader(segment);
  if (segment.id === 'N2' || segment.id === 'N3') {
    // N2 is the rest of the name (a department, "attention of"): it belongs above the street on a label.
    parts.lines.push(...[reader.value(1), reader.value(2)].filter((line) => line !== undefined));
  } else if (segment.id === 'N4' && parts.city === undefined) {
    parts.city = reader.value(1);
    parts.region = reader.value(2);
    parts.postalCode = reader.value(3);
    parts.country = reader.value(4);
    // A region that is no two-letter state stands in N406 (SP, state or province), from 5010 on also in N407.
    if (parts.region === undefined && segment.elements[4] === 'SP') {
      reader.value(5);
      parts.region = reader.value(6);
    }
    if (parts.region === undefined) parts.region = reader.value(7);
  } else {
    content.segment(segment, place);
    return;
  }
  content.leftovers(reader, place);
}

function postalAddress(parts: AddressParts): PostalAddress | undefined {
  const { lines, city, region, postalCode, country } = parts;
  if (lines.length === 0 && [city, region, postalCode, country].every((part) => part === undefined)) {
    return undefined;
  }
  return {
    lines,
    ...(city === undefined ? {} : { city }),
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(country === undefined ? {} : { country }),
  };
}

/**
 * A loop whose opening segment has no rule: what is inside refines it and must not be taken for the order's own
 * (the CUR of a SAC is not the currency of the order, the PID of a subline not the line's description).
 */
export function unhandledLoop(loop: Loop, content: OrderContent, place: Place): void {
  for (const segment of loop.segments) content.unhandledSegment(segment, place);
  for (const inner of loop.loops) unhandledLoop(inner, content, place);
}

/** An N9 loop: a reference number with its messages, kept together as one note. */
export function readExtendedReference(loop: Loop, content: OrderContent, place: Place): void {
  const opening = loop.segments[0];
  if (opening === undefined) return;
  const texts = loop.segments.map((segment) => new SegmentReader(segment).values().join(' '));
  content.note(
    opening,
    `${place.label}${[texts[0], texts.slice(1).join(' ')].filter(Boolean).join(': ')}`,
    place,
  );
  for (const segment of loop.segments.slice(1)) content.keep(segment, place);
  for (const inner of loop.loops) unhandledLoop(inner, content, place);
}
