import type { Reply } from '../endpoint';
import { notFound, Problem } from '../problems';

/** What a browser or a page of text can take; larger interchanges are fetched where they are archived. */
export const LARGEST_SHOWN = 8 * 1024 * 1024;

/** Archived bytes as text, never as something that a browser would run. */
export function rawX12(bytes: Buffer | 'too-large' | undefined, name: string): Reply {
  if (bytes === undefined) throw notFound('archived interchange');
  if (bytes === 'too-large')
    throw new Problem(413, 'too-large', 'Too large', 'The interchange is larger than what is shown here.');
  return {
    status: 200,
    raw: { type: 'text/plain; charset=utf-8', content: bytes },
    headers: {
      'Content-Disposition': `inline; filename="${name.replaceAll(/[^\w-]/g, '')}.edi"`,
      'Content-Security-Policy': "default-src 'none'",
    },
  };
}
