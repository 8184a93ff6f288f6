import { isDeepStrictEqual } from 'node:util';
import type { Endpoint } from '../../api/endpoint';
import { describedStatuses } from '../../api/openapi';
import { endpoints } from '../../api/routes';

const patterns = endpoints.map((spec) => ({
  spec,
  pattern: new RegExp(`^/api/v1${spec.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** A path without parameters goes before one with them, as the router has it. */
function endpointOf(method: string, path: string): Endpoint | undefined {
  const found = patterns.filter(
    ({ spec, pattern }) => spec.method === method.toLowerCase() && pattern.test(path),
  );
  return (found.find(({ spec }) => !spec.path.includes('{')) ?? found[0])?.spec;
}

/** What an answer of the API has that its description does not say, or says otherwise; undefined: nothing. */
export function notAsDescribed(
  method: string,
  path: string,
  answer: { readonly status: number; readonly body: unknown; readonly json: boolean },
): string | undefined {
  const spec = endpointOf(method, path);
  if (!spec) return undefined;
  const at = `${method} /api/v1${spec.path} answered ${answer.status}`;
  if (!describedStatuses(spec).includes(answer.status)) return `${at}, which its description does not name`;
  const reply = spec.replies[answer.status];
  if (answer.status >= 300) return undefined;
  if (!reply?.schema) return answer.json ? `${at} with a body, its description has none` : undefined;
  if ((reply.mediaType ?? 'application/json') !== 'application/json') return undefined;
  const parsed = reply.schema.safeParse(answer.body);
  if (!parsed.success) return `${at} with another body than described: ${parsed.error.message}`;
  // Zod leaves out what it does not know.
  if (isDeepStrictEqual(parsed.data, answer.body)) return undefined;
  return `${at} with more than described: ${undescribed(parsed.data, answer.body).join(', ')}`;
}

function undescribed(described: unknown, answered: unknown, at = ''): string[] {
  if (isDeepStrictEqual(described, answered)) return [];
  if (typeof described !== 'object' || typeof answered !== 'object' || !described || !answered) return [at];
  return Object.entries(answered).flatMap(([name, value]) =>
    name in described
      ? undescribed((described as Record<string, unknown>)[name], value, `${at}/${name}`)
      : [`${at}/${name}`],
  );
}
