import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGuide } from '../../edi/guides/check-guide';
import type { Guide } from '../../edi/guides/guide';

const library = join(__dirname, '../../edi/guides/library');

/** The guides that come with the hub, as they stand in their files. */
export function libraryGuides(): readonly { readonly file: string; readonly body: unknown }[] {
  return readdirSync(library).flatMap((partner) =>
    readdirSync(join(library, partner)).map((file) => ({
      file: `${partner}/${file}`,
      body: JSON.parse(readFileSync(join(library, partner, file), 'utf8')) as unknown,
    })),
  );
}

export function libraryGuide(name: string): Guide {
  for (const { body } of libraryGuides()) {
    if ((body as { name?: unknown }).name !== name) continue;
    const read = readGuide(body);
    if (read.kind === 'guide') return read.guide;
    throw new Error(read.problems.map(({ where, text }) => `${where}: ${text}`).join('\n'));
  }
  throw new Error(`the library has no guide ${name}`);
}
