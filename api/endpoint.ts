import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Db } from '../db/connection';
import { InvalidId } from '../domain/shared/ids';
import type { Principal } from './auth/principal';
import { requireScope } from './auth/principal';
import type { Scope } from './contract/session';
import type { ApiDependencies } from './dependencies';
import { isAsked, replyOnce, type StoredReply } from './idempotency';
import { invalidRequest, notFound, Problem, unstorableText } from './problems';
import { unstorableTexts } from './unstorable-texts';

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes or text instead of JSON, with its media type. */
  readonly raw?: { readonly type: string; readonly content: Buffer | string };
}

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
  /** The pool; in a `transaction` endpoint the transaction that also holds the idempotency key. */
  readonly db: Db;
  readonly deps: ApiDependencies;
  /** Of the headers that the endpoint describes; undefined where it was not sent. */
  readonly header: (name: RequestCondition | 'Idempotency-Key') => string | undefined;
}

export interface ReplyDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
}

type Shape = Record<string, z.ZodType>;

/** What a caller may make its write depend on. */
export type RequestCondition = 'If-Match' | 'If-None-Match';

/** One route: what it takes, who may call it, what it answers. The OpenAPI document is made from the same object. */
export interface EndpointSpec<P extends Shape, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: 'get' | 'post';
  /** Below /api/v1, with {parameters}. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** One of them is enough; empty: any key. */
  readonly scopes: readonly Scope[];
  /** Values that do not parse are ids that nobody has: 404. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly replies: Readonly<Record<number, ReplyDescription>>;
  /** For POST. `transaction`: claim, handler and stored reply commit together or not at all. */
  readonly idempotency?: { readonly required: boolean; readonly transaction: boolean };
  readonly conditions?: readonly RequestCondition[];
  readonly handle: (
    call: Call<{ [K in keyof P]: z.output<P[K]> }, z.output<Q>, z.output<B>>,
  ) => Promise<Reply>;
}

/** An endpoint whose types are checked and then forgotten, so that a table of them can be walked. */
export type Endpoint = EndpointSpec<Shape, z.ZodType, z.ZodType>;

export function endpoint<
  P extends Shape = Record<never, never>,
  Q extends z.ZodType = z.ZodUnknown,
  B extends z.ZodType = z.ZodUnknown,
>(spec: EndpointSpec<P, Q, B>): Endpoint {
  return spec as unknown as Endpoint;
}

export const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** A representation's strong entity tag: two equal answers have the same one. */
export const entityTag = (body: unknown) =>
  `"${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}"`;

/** If-Match against what is there now; without the header anything matches. */
export function requireMatch(header: string | undefined, current: unknown): void {
  if (header === undefined || header.trim() === '*') return;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.includes(entityTag(current))) return;
  throw new Problem(
    412,
    'changed-meanwhile',
    'It was changed meanwhile',
    'Somebody changed it after you read it. Read it again, look at what is new, and decide again.',
  );
}

/** If-None-Match: * — it is to be new, and nothing that is there is changed. */
export const isOnlyNew = (header: string | undefined): boolean => header?.trim() === '*';

export const thereAlready = (detail: string) =>
  new Problem(409, 'there-already', 'It is there already', detail);

/** If-Match against the version of what is there now, where its representation says one; null: it is not there. */
export function requireVersion(header: string | undefined, version: number | null): void {
  if (version === null && header !== undefined)
    throw new Problem(
      412,
      'changed-meanwhile',
      'It was removed meanwhile',
      'It is not there any more: look at what there is, and decide again.',
    );
  if (version === null || header === undefined || header.trim() === '*' || header.trim() === `"${version}"`)
    return;
  throw changedMeanwhile(version);
}

export const changedMeanwhile = (version: number) =>
  new Problem(
    412,
    'changed-meanwhile',
    'It was changed meanwhile',
    `It is at version ${version} by now: read it again and decide again.`,
  );

/** "documentId" is a document; "id" what its folder holds: /drafts/{id} is a draft. */
function nameOfParameter(path: string, name: string): string {
  if (name !== 'id')
    return name.replace(/(Id|Number)$/, '').replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
  return (/(\w+)s\/\{id\}/.exec(path)?.[1] ?? name).toLowerCase();
}

function parseParams(spec: Endpoint, request: Request): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(spec.params ?? {})) {
    const parsed = schema.safeParse(request.params[name]);
    if (!parsed.success) throw notFound(nameOfParameter(spec.path, name));
    values[name] = parsed.data;
  }
  return values;
}

function parsePart(schema: z.ZodType | undefined, value: unknown, where: 'body' | 'query'): unknown {
  if (!schema) return undefined;
  const unstorable = unstorableTexts(value);
  if (unstorable.length > 0) throw unstorableText(unstorable, where);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidRequest(parsed.error, where);
  return parsed.data;
}

/** A forgotten Content-Type would look like an empty body: say what is missing instead. */
function requireJson(spec: Endpoint, request: Request): void {
  if (!spec.body || request.is('json') || request.is('*+json')) return;
  throw new Problem(
    415,
    'not-json',
    'JSON is needed',
    'Send the body as JSON with "Content-Type: application/json".',
  );
}

export function handlerOf(spec: Endpoint, deps: ApiDependencies): RequestHandler {
  return async (request: Request, response: Response) => {
    const principal = response.locals['principal'] as Principal;
    requireScope(principal, spec.scopes);
    requireJson(spec, request);
    const params = parseParams(spec, request);
    const query = parsePart(spec.query, request.query, 'query');
    const body = parsePart(spec.body, request.body, 'body');
    const header = (name: RequestCondition | 'Idempotency-Key') => {
      if (name !== 'Idempotency-Key' && !spec.conditions?.includes(name))
        throw new Error(`${spec.path} asks for ${name}, which its description does not name`);
      return request.get(name);
    };
    const call = { params, query, body, principal, deps, header };
    const run = async (db: Db): Promise<Reply> => {
      try {
        return await spec.handle({ ...call, db });
      } catch (error) {
        throw error instanceof InvalidId ? notFound(error.what) : error;
      }
    };
    const key = request.get('idempotency-key');
    const reply =
      spec.idempotency && isAsked(spec.idempotency, key)
        ? await replyOnce(
            deps.db,
            {
              principal: principal.keyId,
              key,
              route: `${spec.method} ${request.path}`,
              body: request.body as unknown,
            },
            spec.idempotency,
            run,
          )
        : await run(deps.db);
    send(request, response, reply);
  };
}

function send(request: Request, response: Response, reply: Reply | StoredReply): void {
  response.status(reply.status);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if ('raw' in reply && reply.raw) {
    response.setHeader('Content-Type', reply.raw.type);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.send(reply.raw.content);
    return;
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  if (request.method === 'GET') {
    const tag = entityTag(reply.body);
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', 'private, no-cache');
    if (
      request
        .get('if-none-match')
        ?.split(',')
        .some((t) => t.trim() === tag)
    ) {
      response.status(304).end();
      return;
    }
  }
  response.json(reply.body);
}
