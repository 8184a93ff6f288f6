import { storableText } from '../json';
import type { WriteTogether } from './write-together';

export interface KeysOfDocument {
  readonly documentId: string;
  readonly keys: readonly { readonly kind: string; readonly value: string }[];
}

/** What documents are found by in the archive, written with them. */
export function addDocumentKeys(writes: WriteTogether, documents: readonly KeysOfDocument[]): void {
  const rows = documents.flatMap(({ documentId, keys }) =>
    keys.map(({ kind, value }) => [kind, storableText(value), documentId] as const),
  );
  writes.insertArrays('document_key', { kind: 'text', value: 'text', document_id: 'uuid' }, rows);
}
