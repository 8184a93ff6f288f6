import type { DocumentDetailRow, RawInterchange } from '../../db/repositories/document-views';

/** A document for people. */
export function renderDocument(raw: RawInterchange, _row: DocumentDetailRow): string {
  const text = raw.bytes.toString('latin1');
  return raw.set ? text.slice(raw.set.offset, raw.set.offset + raw.set.length) : text;
}
