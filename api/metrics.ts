import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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
