import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problem } from './contract/common';
import type { Endpoint } from './endpoint';

const problemContent = { 'application/problem+json': { schema: problem } };
const common: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` points at every field',
  401: 'No key, or not a live one',
  403: 'The key lacks the scope',
  404: 'Not there, or not yours to see',
  429: 'Too many calls: wait as long as Retry-After says',
};

function repliesOf(spec: Endpoint): RouteConfig['responses'] {
  const replies: RouteConfig['responses'] = {};
  for (const [status, description] of Object.entries(common))
    replies[status] = { description, content: problemContent };
  for (const [status, reply] of Object.entries(spec.replies)) {
    const content =
      Number(status) >= 400
        ? problemContent
        : reply.schema && { [reply.mediaType ?? 'application/json']: { schema: reply.schema } };
    replies[status] = { description: reply.description, ...(content && { content }) };
  }
  return replies;
}

function headersOf(spec: Endpoint): z.ZodObject | undefined {
  if (!spec.idempotency) return undefined;
  const key = z
    .string()
    .meta({ description: 'The same key with the same body gets the first reply again, for 24 hours' });
  return z.object({ 'Idempotency-Key': spec.idempotency.required ? key : key.optional() });
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
