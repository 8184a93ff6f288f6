import type { DocumentDetailRow, RawInterchange } from '../../db/repositories/document-views';
import type { Judgement } from '../../edi/judge/judgement';
import { showInterchange } from '../../edi/show/show-interchange';
import { readArrival } from '../../edi/x12/arrival';

const plain = { bold: (text: string) => text, dim: (text: string) => text, red: (text: string) => text };

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

/**
 * A document for people: segments, elements and codes with their names, findings at their place. The findings are
 * those that were stored when it was judged; nothing is judged again.
 */
export function renderDocument(raw: RawInterchange, row: DocumentDetailRow): string | null {
  const interchange = readArrival(excerpt(raw)).interchanges[0];
  if (!interchange) return null;
  const judgement = {
    deviations: [],
    groups: [{ transactions: [{ findings: Array.isArray(row.findings) ? row.findings : [] }] }],
  };
  const lines = showInterchange(interchange, judgement as unknown as Judgement, plain);
  // The envelope is told beside the document; what people read begins with the set.
  const first = raw.set === null ? 0 : lines.findIndex((line) => /^\s+1 ST\b/.test(line));
  return lines.slice(Math.max(0, first)).join('\n');
}
