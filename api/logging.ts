import type { IncomingMessage } from 'node:http';
import pino, { type DestinationStream, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/** Whatever carries a secret: bodies are never logged, and of the headers these are blanked. */
const redacted = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["webhook-signature"]',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  '*.key',
  '*.secret',
  '*.password',
  '*.apiKey',
  '*.callbackSecret',
];

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { name: 'api', level, redact: { paths: redacted, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}

const quiet = new Set(['/livez', '/readyz', '/metrics']);

/** One line a call; reads that went well only when debugging. */
export function logCalls(logger: Logger) {
  return pinoHttp({
    logger,
    autoLogging: { ignore: (request: IncomingMessage) => quiet.has(request.url ?? '') },
    customLogLevel: (request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      if (response.statusCode >= 400) return 'info';
      return request.method === 'GET' ? 'debug' : 'info';
    },
    serializers: {
      // The query may hold what a person typed; the path is enough to find the call.
      req: (request: { id: unknown; method: unknown; url: unknown }) => ({
        id: request.id,
        method: request.method,
        path: String(request.url).split('?')[0],
      }),
      res: (response: { statusCode: unknown }) => ({ status: response.statusCode }),
    },
  });
}
