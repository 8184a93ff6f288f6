import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problem } from './contract/common';
import type { Endpoint, RequestCondition } from './endpoint';

const problemContent = { 'application/problem+json': { schema: problem } };
const common: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` points at every field',
  401: 'No key, or not a live one',
  403: 'The key lacks the scope',
  404: 'Not there, or not yours to see',
  429: 'Too many calls: wait as long as Retry-After says',
};
const withBody: Readonly<Record<number, string>> = {
  413: 'The body is larger than is taken',
  415: 'The body is not sent as application/json',
};
const withIdempotencyKey: Readonly<Record<number, string>> = {
  409: 'The first try with this Idempotency-Key is still running: ask again in a moment',
  422: 'The Idempotency-Key was used for another request',
};
const conditionTexts: Readonly<Record<RequestCondition, string>> = {
  'If-Match': 'Only as long as it is as it was read, by its ETag or its version in quotes; else 412',
  'If-None-Match': '`*`: only where it is not there yet; else 409',
};
const NOT_CHANGED = 304;

/** Every status that a call of it may be answered with, but for a fault of ours. */
export const describedStatuses = (spec: Endpoint): readonly number[] =>
  Object.keys(repliesOf(spec)).map(Number);

function repliesOf(spec: Endpoint): RouteConfig['responses'] {
  const replies: RouteConfig['responses'] = {};
  const ofEveryCall = {
    ...common,
    ...(spec.body && withBody),
    ...(spec.idempotency && withIdempotencyKey),
  };
  for (const [status, description] of Object.entries(ofEveryCall))
    replies[status] = { description, content: problemContent };
  if (spec.method === 'get' && spec.replies[200]?.mediaType === undefined)
    replies[NOT_CHANGED] = { description: 'Not changed since the answer whose ETag is in If-None-Match' };
  for (const [status, reply] of Object.entries(spec.replies)) {
    const content =
      Number(status) >= 400
        ? problemContent
        : reply.schema && { [reply.mediaType ?? 'application/json']: { schema: reply.schema } };
    const also = spec.idempotency && withIdempotencyKey[Number(status)];
    const description = also === undefined ? reply.description : `${reply.description}. Or: ${also}`;
    replies[status] = { description, ...(content && { content }) };
  }
  return replies;
}

function headersOf(spec: Endpoint): z.ZodObject | undefined {
  const key = z
    .string()
    .meta({ description: 'The same key with the same body gets the first reply again, for 24 hours' });
  const conditions = (spec.conditions ?? []).map((name) => [
    name,
    z.string().optional().meta({ description: conditionTexts[name] }),
  ]);
  if (!spec.idempotency && conditions.length === 0) return undefined;
  return z.object({
    ...(spec.idempotency && { 'Idempotency-Key': spec.idempotency.required ? key : key.optional() }),
    ...(Object.fromEntries(conditions) as Record<RequestCondition, z.ZodType>),
  });
}

function routeOf(spec: Endpoint): RouteConfig {
  const headers = headersOf(spec);
  const scopes =
    spec.scopes.length === 0 ? 'any key' : spec.scopes.map((scope) => `\`${scope}\``).join(' or ');
  return {
    method: spec.method,
    path: `/api/v1${spec.path}`,
    tags: [spec.tag],
    summary: spec.summary,
    description: [spec.description, `Scope: ${scopes}.`].filter(Boolean).join('\n\n'),
    security: [{ key: [] }],
    request: {
      ...(spec.params && { params: z.object(spec.params) }),
      ...(spec.query && { query: spec.query as z.ZodObject }),
      ...(headers && { headers }),
      ...(spec.body && { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
    },
    responses: repliesOf(spec),
  };
}

/** The document that describes what is served, from the very schemas that check it. */
export function openApiDocument(endpoints: readonly Endpoint[], publicUrl: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of a partner, a buyer, a person or a system',
  });
  for (const spec of endpoints) registry.registerPath(routeOf(spec));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Order hub',
      version: '1',
      description:
        'Orders, holds, stock, documents and exceptions of the hub. Errors are problems (RFC 9457). Lists are keyset pages: pass `next` as `after`. Amounts carry minor units and their decimal text; quantities and unit prices are decimal texts.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(endpoints.map((spec) => spec.tag))].map((name) => ({ name })),
  });
}
