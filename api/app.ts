import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, type Options as RateLimitOptions, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Authenticator, authenticate } from './auth/authenticate';
import type { Principal } from './auth/principal';
import { sessionRouter } from './auth/session-router';
import { callbackRouter } from './callbacks';
import type { ApiDependencies } from './dependencies';
import { docsPage } from './docs-page';
import { expressPath, handlerOf } from './endpoint';
import { engineProblem } from './engine';
import { healthRouter } from './health';
import { logCalls } from './logging';
import { createMetrics, requireMetricsReader } from './metrics';
import { openApiDocument } from './openapi';
import { Problem, problemOfHttpError } from './problems';
import { endpoints } from './routes';

const JSON_LIMIT = '2mb';

/** Everything the API serves. Starts nothing and listens to nothing: main.ts and tests do. */
export function createApp(deps: ApiDependencies): Express {
  const app = express();
  const metrics = createMetrics();
  const authenticator = new Authenticator(deps.db);
  app.disable('x-powered-by');
  // A load balancer in the same private network says whose call it passes on; nobody else is believed.
  app.set('trust proxy', ['loopback', 'linklocal', 'uniquelocal']);
  // Entity tags are made where an answer is one that may be compared; express's own would cost a hash per POST.
  app.disable('etag');
  app.use(withRequestId);
  app.use(metrics.observe);
  app.use(logCalls(deps.logger));
  app.use(securityHeaders(deps.publicUrl));
  app.use(healthRouter(deps));
  app.get('/metrics', async (request, response) => {
    requireMetricsReader(request, deps.metricsKey);
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  if (deps.ediRouter) app.use('/edi', deps.ediRouter);
  if (deps.as2Router) app.use('/as2', deps.as2Router);
  app.use('/callbacks', callbackRouter(deps, metrics));
  app.use(
    '/api/v1/session',
    failedLogins(deps.limits.failedLoginsPerMinute),
    sessionRouter(deps, authenticator),
  );
  mountDescription(app, deps);
  mountEndpoints(app, deps, authenticator);
  mountPortal(app, deps.portalFolder);
  app.use((request: Request) => {
    throw new Problem(
      404,
      'not-found',
      'Not found',
      `Nothing is served at ${request.method} ${request.path}. See /docs.`,
    );
  });
  app.use(answerErrors());
  return app;
}

const withRequestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  (request as { id?: string }).id = id;
  response.setHeader('X-Request-Id', id);
  next();
};

function securityHeaders(publicUrl: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The components' library writes its colours as style elements; no script can come in by them.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Over plain http (a first run on one's own machine) the header would be without effect.
    strictTransportSecurity: publicUrl.startsWith('https:'),
    crossOriginEmbedderPolicy: false,
  });
}

/**
 * Slows down whoever guesses keys. A call is counted once it was refused, not while it runs: two hundred people of one
 * company may call at the same moment from one address.
 */
function failedLogins(perMinute: number): RequestHandler {
  const refusals = new MemoryStore();
  const windowMs = 60_000;
  refusals.init({ windowMs } as RateLimitOptions);
  return async (request, response, next) => {
    const address = addressKey(request.ip ?? '');
    const known = await refusals.get(address);
    if (known && known.totalHits >= perMinute) {
      const seconds = Math.ceil(((known.resetTime?.getTime() ?? 0) - Date.now()) / 1000);
      response.setHeader('Retry-After', String(Math.max(1, seconds)));
      tooMany('Too many keys were refused from this address. Wait a minute.')();
    }
    response.once('finish', () => {
      if (response.statusCode === 401) void refusals.increment(address);
    });
    next();
  };
}

/** Taking an address apart costs more than it should at each call. */
const addressKeys = new Map<string, string>();

function addressKey(address: string): string {
  let key = addressKeys.get(address);
  if (key === undefined) {
    key = ipKeyGenerator(address);
    if (addressKeys.size >= 10_000) addressKeys.clear();
    addressKeys.set(address, key);
  }
  return key;
}

function callsOfKey(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (_request, response) => (response.locals['principal'] as Principal).keyId,
    handler: tooMany('This key calls more often than it may. Wait as long as Retry-After says.'),
  });
}

function tooMany(detail: string): () => never {
  return () => {
    throw new Problem(429, 'too-many', 'Too many calls', detail);
  };
}

function mountDescription(app: Express, deps: ApiDependencies): void {
  // Made when it is first asked for: it costs a second at the start and memory that most processes never use.
  let made: object | undefined;
  const description = () => {
    made ??= openApiDocument(endpoints, deps.publicUrl);
    return made;
  };
  app.get('/api/openapi.json', (_request, response) => {
    response.json(description());
  });
  app.get('/docs', (_request, response) => {
    response.type('html').send(docsPage(description()));
  });
}

function mountEndpoints(app: Express, deps: ApiDependencies, authenticator: Authenticator): void {
  const api = express.Router();
  api.use(failedLogins(deps.limits.failedLoginsPerMinute));
  api.use(authenticate(authenticator));
  api.use(callsOfKey(deps.limits.callsPerMinute));
  api.use(express.json({ limit: JSON_LIMIT }));
  for (const spec of endpoints) api[spec.method](expressPath(spec.path), handlerOf(spec, deps));
  app.use('/api/v1', api);
}

/** The portal is one page that finds its way by the address; its files carry hashes in their names. */
function mountPortal(app: Express, folder: string | null): void {
  if (folder === null || !existsSync(join(folder, 'index.html'))) return;
  app.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: true }),
  );
  app.use(express.static(folder, { index: false, maxAge: '1h' }));
  app.get(/^\/(?!api\/|assets\/|edi|as2|callbacks).*/, (request, response, next) => {
    if (!request.accepts('html')) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(join(folder, 'index.html'));
  });
}

/** The last handler: what is known becomes a problem, what is not is logged and told as a fault without its inside. */
function answerErrors(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known =
      error instanceof Problem
        ? error
        : (engineProblem(error) ?? problemOfHttpError(error, { json: JSON_LIMIT.replace('mb', ' MB') }));
    if (!known) (response as { err?: unknown }).err = error;
    const problem =
      known ??
      new Problem(
        500,
        'fault',
        'Something went wrong',
        'The fault is on our side and was written down. Try again; tell us the requestId if it stays.',
      );
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    const requestId = String((request as { id?: unknown }).id);
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.toJson({ instance: request.originalUrl.split('?')[0] ?? '', requestId })));
  };
}
