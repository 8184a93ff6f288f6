import { type DocumentKey, DocumentKeys } from '../edi/archive/document-keys';
import type { Separators } from '../edi/x12/model';
import { SegmentScanner } from '../edi/x12/scanner';

export interface ScannedSet {
  /** ST01 */
  readonly set: string;
  /** ST to SE, terminator included, as a byte range within the interchange. */
  readonly offset: number;
  readonly length: number;
  /** What it is found by in the archive, whatever the judge says of it. */
  readonly keys: readonly DocumentKey[];
}

export interface EnvelopeScan {
  /** GS06 of every group. */
  readonly groupNumbers: readonly string[];
  /** In the order they came. */
  readonly sets: readonly ScannedSet[];
}

/** The group numbers that the judge must know beforehand, where each set lies, and what it is looked up by. */
export function scanEnvelope(bytes: Uint8Array, separators: Separators | null, from: number): EnvelopeScan {
  const groupNumbers: string[] = [];
  const sets: ScannedSet[] = [];
  if (separators === null) return { groupNumbers, sets };
  const scanner = new SegmentScanner(bytes, separators, from);
  const terminator = separators.segment.length;
  let open: { readonly set: string; readonly offset: number; readonly keys: DocumentKeys } | null = null;
  let version = '';
  const close = (end: number) => {
    if (open === null) return;
    const { set, offset, keys } = open;
    sets.push({ set, offset, length: Math.min(end, bytes.byteLength) - offset, keys: keys.list() });
    open = null;
  };
  while (scanner.next()) {
    const { id } = scanner;
    if (id === 'GS') {
      groupNumbers.push(scanner.text(6).trim());
      version = scanner.text(8).trim();
    }
    // A set without its trailer ends where the next control segment stands.
    if (id === 'ST' || id === 'GS' || id === 'GE' || id === 'IEA') close(scanner.offset);
    if (id === 'ST')
      open = { set: scanner.text(1).trim(), offset: scanner.offset, keys: new DocumentKeys(version) };
    else if (id === 'SE') close(scanner.end + terminator);
    else open?.keys.add(scanner);
  }
  close(bytes.byteLength);
  return { groupNumbers, sets };
}
