import type { DocumentDetailRow, RawInterchange } from '../../db/repositories/document-views';
import { shownSegments } from '../../edi/show/shown-segments';
import type { Finding } from '../../edi/validate/finding';
import { readArrival } from '../../edi/x12/arrival';
import type { ShownSegmentView } from '../contract/documents';

/** ISA, the document's GS and the document itself: an interchange may carry hundreds of others. */
function excerpt({ bytes, set }: RawInterchange): Buffer {
  // Where the place of the set is not known for certain, everything is shown.
  if (set === null || bytes.toString('latin1', set.offset, set.offset + 2) !== 'ST') return bytes;
  const terminator = readArrival(bytes).interchanges[0]?.header.separators?.segment;
  if (terminator === undefined) return bytes;
  const before = bytes.subarray(0, set.offset).toString('latin1').split(terminator);
  const group = before.findLast((segment) => segment.trimStart().startsWith('GS'));
  const head = [before[0], group].filter((segment) => segment !== undefined).join(terminator);
  return Buffer.concat([
    Buffer.from(`${head}${terminator}`, 'latin1'),
    bytes.subarray(set.offset, set.offset + set.length),
  ]);
}

/** More than a page can take; the raw bytes have the rest. */
const MOST_SEGMENTS = 2_000;

/**
 * A document for people: segments, elements and codes with their names, findings at their place. The findings are
 * those that were stored when it was judged; nothing is judged again.
 */
export function renderDocument(
  raw: RawInterchange,
  row: DocumentDetailRow,
): { readonly segments: ShownSegmentView[]; readonly more: boolean } | null {
  const interchange = readArrival(excerpt(raw)).interchanges[0];
  const separators = interchange?.header.separators;
  if (!interchange || !separators) return null;
  const findings = Array.isArray(row.findings) ? (row.findings as Finding[]) : [];
  const segments: ShownSegmentView[] = [];
  // The envelope is told beside the document; what people read begins with the set.
  let begun = raw.set === null;
  for (const segment of shownSegments(interchange.bytes, separators, 0, {
    groups: [{ transactions: [{ findings }] }],
  })) {
    begun ||= segment.id === 'ST';
    if (!begun) continue;
    if (segments.length >= MOST_SEGMENTS) return { segments, more: true };
    segments.push({
      ...segment,
      elements: segment.elements.map((element) => ({ ...element })),
      findings: segment.findings.map((finding) => ({ ...finding })),
    });
  }
  return { segments, more: false };
}
