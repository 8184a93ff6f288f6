import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import type { ProblemView } from './contract/common';

export type ProblemError = NonNullable<ProblemView['errors']>[number];

/** What went wrong, in the words a caller can act on. Thrown in a route; answered as application/problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly errors: readonly ProblemError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    slug: string,
    title: string,
    detail: string,
    more: {
      readonly errors?: readonly ProblemError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }

  toJson(request?: { readonly instance: string; readonly requestId: string }): ProblemView {
    return {
      type: `/problems/${this.slug}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      ...(request && { instance: request.instance, requestId: request.requestId }),
      ...(this.errors.length > 0 && { errors: [...this.errors] }),
    };
  }
}

export const notFound = (what: string) =>
  new Problem(404, 'not-found', 'Not found', `There is no such ${what}, or it is not yours to see.`);

export const unauthorised = (detail: string) =>
  new Problem(401, 'unauthorised', 'Who are you?', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="order-hub"' },
  });

export const forbidden = (detail: string) => new Problem(403, 'forbidden', 'Not allowed', detail);

const escapePointer = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** A zod refusal as one 400 that names every field at once. */
export function invalidRequest(error: z.ZodError, where: 'body' | 'query' | 'header'): Problem {
  const errors = error.issues.flatMap((issue): ProblemError[] => {
    // An unknown field is reported at the field itself, not at the object around it.
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    const detail = issue.code === 'unrecognized_keys' ? 'is not a field of this request' : issue.message;
    return paths.map((path) =>
      where === 'body'
        ? {
            pointer: path.length === 0 ? '' : `/${path.map(escapePointer).join('/')}`,
            code: issue.code,
            detail,
          }
        : { parameter: path.map(String).join('.'), code: issue.code, detail },
    );
  });
  const [first] = errors;
  const at = first?.pointer ?? first?.parameter ?? '';
  return new Problem(
    400,
    'invalid-request',
    'The request is not valid',
    `${errors.length === 1 ? 'One thing is' : `${errors.length} things are`} wrong with the ${where}${first ? `, first: ${at} ${first.detail}` : ''}`,
    { errors },
  );
}

export function unstorableText(paths: readonly (readonly PropertyKey[])[], where: 'body' | 'query'): Problem {
  const detail = 'holds a NUL or half a surrogate pair, which no text may';
  const errors = paths.map((path) =>
    where === 'body'
      ? { pointer: `/${path.map(escapePointer).join('/')}`, code: 'unstorable', detail }
      : { parameter: path.map(String).join('.'), code: 'unstorable', detail },
  );
  return new Problem(400, 'invalid-request', 'The request is not valid', `A text ${detail}.`, { errors });
}

interface HttpLikeError {
  readonly status?: unknown;
  readonly type?: unknown;
  readonly message?: unknown;
}

/** What body-parser and express throw, in our words; undefined when the error is not theirs but a fault of ours. */
export function problemOfHttpError(error: unknown, limits: { readonly json: string }): Problem | undefined {
  const { status, type, message } = (error ?? {}) as HttpLikeError;
  if (type === 'entity.too.large') {
    return new Problem(
      413,
      'too-large',
      'Too large',
      `The body is larger than the ${limits.json} that this address takes.`,
    );
  }
  if (type === 'entity.parse.failed') {
    return new Problem(
      400,
      'malformed-json',
      'The body is not JSON',
      `The body could not be read as JSON: ${String(message)}`,
      {
        errors: [{ pointer: '', code: 'malformed-json', detail: String(message) }],
      },
    );
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, 'bad-request', STATUS_CODES[status] ?? 'Bad request', String(message));
  }
  return undefined;
}
