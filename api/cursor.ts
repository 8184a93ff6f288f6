import { Problem } from './problems';

/** Cursors are opaque to callers, so that what they hold may change. */
export const encodeCursor = (position: string) => Buffer.from(position, 'utf8').toString('base64url');

const forms = {
  /** A record id. */
  record: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /** A place in an order of its own. */
  sequence: /^\d{1,15}$/,
  /** A due time as PostgreSQL writes it, and a record id. */
  due: /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*[+-][\d:]+\|[0-9a-f-]{36}$/,
  /** One or two codes of master data. */
  code: /^[A-Za-z0-9][^\0|]{0,63}(\|[^\0|]{1,64})?$/,
} as const;

/** @throws Problem 400 when the text is not a cursor of such a list */
export function decodeCursor(cursor: string | undefined, form: keyof typeof forms): string | null {
  if (cursor === undefined) return null;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (forms[form].test(position)) return position;
  throw new Problem(
    400,
    'invalid-request',
    'The request is not valid',
    '"after" is not a cursor of this list: send the "next" of the page before, or leave it out.',
    {
      errors: [{ parameter: 'after', code: 'invalid', detail: 'is not a cursor of this list' }],
    },
  );
}

export interface Paged<R> {
  readonly rows: readonly R[];
  readonly next: string | null;
}

export const pageBody = <R, V>(page: Paged<R>, view: (row: R) => V) => ({
  items: page.rows.map(view),
  next: page.next === null ? null : encodeCursor(page.next),
});
