import type { ArrivedInterchange } from '../../edi/x12/arrival';
import { SegmentScanner } from '../../edi/x12/scanner';

export interface EnvelopeScan {
  /** GS06 of every group. */
  readonly groupNumbers: readonly string[];
  /** ST to SE of every set, terminator included, as byte ranges within the interchange, in the order they came. */
  readonly sets: readonly { readonly offset: number; readonly length: number }[];
}

/** Looks only at control segments: the group numbers that the judge must know beforehand, and where each set lies. */
export function scanEnvelope(interchange: ArrivedInterchange): EnvelopeScan {
  const { separators } = interchange.header;
  const groupNumbers: string[] = [];
  const sets: { offset: number; length: number }[] = [];
  if (separators === null) return { groupNumbers, sets };
  const scanner = new SegmentScanner(interchange.bytes, separators, interchange.header.length);
  const terminator = separators.segment.length;
  let open: number | null = null;
  const close = (end: number) => {
    if (open !== null)
      sets.push({ offset: open, length: Math.min(end, interchange.bytes.byteLength) - open });
    open = null;
  };
  while (scanner.next()) {
    const { id } = scanner;
    if (id === 'GS') groupNumbers.push(scanner.text(6).trim());
    // A set without its trailer ends where the next control segment stands.
    if (id === 'ST' || id === 'GS' || id === 'GE' || id === 'IEA') close(scanner.offset);
    if (id === 'ST') open = scanner.offset;
    if (id === 'SE') close(scanner.end + terminator);
  }
  close(interchange.bytes.byteLength);
  return { groupNumbers, sets };
}
