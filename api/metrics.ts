import { BlockList, isIPv6 } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

import { bearerOf, hashSecret } from './auth/authenticate';
import { forbidden, unauthorised } from './problems';

export interface ApiMetrics {
  readonly registry: Registry;
  /** Times every call by its route, never by its path: an id a path would be a series an id. */
  readonly observe: RequestHandler;
  readonly callbacks: Counter<'kind' | 'outcome'>;
}

export function createMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'hub_api_' });
  const duration = new Histogram({
    name: 'hub_http_request_duration_seconds',
    help: 'Duration of HTTP calls',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const callbacks = new Counter({
    name: 'hub_callbacks_total',
    help: 'Callbacks of ERP, warehouses and carriers by what became of them',
    labelNames: ['kind', 'outcome'] as const,
    registers: [registry],
  });
  const observe: RequestHandler = (request, response, next) => {
    const started = process.hrtime.bigint();
    response.once('finish', () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      duration.observe(
        {
          method: request.method,
          route: typeof route === 'string' ? `${request.baseUrl}${route}` : 'other',
          status: String(response.statusCode),
        },
        seconds,
      );
    });
    next();
  };
  return { registry, observe, callbacks };
}

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv6');

/**
 * What is measured tells about the business (routes, rates, refusals): it is for whoever has the key, or, where no key
 * is set, for callers of a private network. Behind a load balancer the caller is the one that it names.
 * @throws Problem 401, 403
 */
export function requireMetricsReader(request: Request, key: string | null): void {
  if (key !== null) {
    const given = bearerOf(request);
    if (given === undefined || hashSecret(given) !== hashSecret(key))
      throw unauthorised('Metrics are read with their own key: "Authorization: Bearer <HUB_METRICS_KEY>".');
    return;
  }
  const address = (request.ip ?? '').replace(/^::ffff:/, '');
  if (!privateNetworks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
    throw forbidden('Metrics are answered within a private network only, or with HUB_METRICS_KEY.');
}
