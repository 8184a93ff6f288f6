import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { ZodError } from 'zod';
import { Faults } from './faults';
import { Keep } from './keep';

/** One request as it was seen, for tests that count. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  /** What the work answered; null where it was never begun. */
  readonly status: number | null;
  readonly note?: 'failed on purpose' | 'answer lost';
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Remembered extends Answer {
  readonly fingerprint: string;
}

/** An answer that is not a success, thrown from within the work. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, title: string) {
    super(title);
    this.name = 'Refusal';
    this.answer = { status, body: { status, title } };
  }
}

const logged = 20_000;

/**
 * The front of a simulated system: its key, its faults, its memory of idempotency keys and its log of requests. The
 * system's own routes only do the work.
 */
export class Door {
  readonly app: Express;
  readonly faults = new Faults();
  readonly requests: LoggedRequest[] = [];
  readonly #secret: string;
  readonly #remembered: Keep<Remembered>;

  constructor(options: { readonly secret: string; readonly folder: string | null }) {
    this.app = express();
    this.#secret = options.secret;
    this.#remembered = new Keep<Remembered>(options.folder, 'idempotency');
    this.app.disable('x-powered-by');
    this.app.use(express.json({ limit: '10mb' }));
    this.app.get('/admin/health', (_request, response) => void response.json({ status: 'up' }));
    this.app.get('/admin/faults', (_request, response) => void response.json(this.faults.settings));
    this.app.post(
      '/admin/faults',
      (request, response) => void response.json(this.faults.change(request.body)),
    );
    this.app.delete('/admin/faults', (_request, response) => void response.json(this.faults.clear()));
  }

  /** What a test reads: the requests, and what the system itself has to say. */
  state(path: string, report: () => unknown): void {
    this.app.get(path, (_request, response) => {
      response.json({ ...(report() as object), requests: this.requests });
    });
  }

  /** A switch or button of the simulator: no key, no faults. */
  admin(path: string, work: (body: unknown) => unknown): void {
    this.app.post(path, (request, response) => void response.json(work(request.body) ?? {}));
  }

  get(path: string, work: (request: Request) => Answer): void {
    this.app.get(path, (request, response) => this.#serve(request, response, () => work(request)));
  }

  post(path: string, work: (request: Request) => Answer): void {
    this.app.post(path, (request, response) =>
      this.#serve(request, response, () => this.#once(request, work)),
    );
  }

  /** To be called when all routes are there. */
  close(): void {
    this.app.use(
      (_request, response) => void response.status(404).json({ status: 404, title: 'no such path' }),
    );
    this.app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      const answer = answerOfError(error);
      response.status(answer.status).json(answer.body);
    });
  }

  async #serve(request: Request, response: Response, work: () => Answer): Promise<void> {
    const touched = request.path.startsWith(this.faults.settings.path);
    if (touched && this.faults.settings.down) {
      request.socket.destroy();
      return;
    }
    if (touched && this.faults.settings.latencyMs > 0)
      await pause(this.faults.settings.latencyMs, undefined, { ref: false });
    const failure = touched ? this.faults.failureOfThisRequest() : undefined;
    if (failure !== undefined) {
      this.#log(request, null, 'failed on purpose');
      response.status(failure).json({ status: failure, title: 'failed on purpose' });
      return;
    }
    if (request.get('authorization') !== `Bearer ${this.#secret}`) {
      this.#log(request, 401);
      response.status(401).json({ status: 401, title: 'wrong key' });
      return;
    }
    const answer = workOrRefusal(work);
    if (touched && request.method === 'POST' && this.faults.losesThisAnswer()) {
      // The work is done and the caller waits until it gives up.
      this.#log(request, answer.status, 'answer lost');
      return;
    }
    this.#log(request, answer.status);
    response.status(answer.status).json(answer.body);
  }

  /** A key that was seen gets the first answer again; with another body it is a mistake of the caller. */
  #once(request: Request, work: (request: Request) => Answer): Answer {
    const key = request.get('idempotency-key');
    if (key === undefined || this.faults.settings.ignoreIdempotencyKeys) return work(request);
    const name = `${request.path} ${key}`;
    const fingerprint = createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest('hex');
    const before = this.#remembered.get(name);
    if (before && before.fingerprint !== fingerprint)
      throw new Refusal(422, 'this idempotency key came with another body');
    if (before) return { status: before.status, body: before.body };
    const answer = workOrRefusal(() => work(request));
    if (answer.status < 500) this.#remembered.set(name, { ...answer, fingerprint });
    return answer;
  }

  #log(request: Request, status: number | null, note?: NonNullable<LoggedRequest['note']>): void {
    this.requests.push({
      at: new Date().toISOString(),
      method: request.method,
      path: request.originalUrl,
      idempotencyKey: request.get('idempotency-key') ?? null,
      status,
      ...(note === undefined ? {} : { note }),
    });
    if (this.requests.length > logged) this.requests.splice(0, this.requests.length - logged);
  }
}

function workOrRefusal(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    return answerOfError(error);
  }
}

function answerOfError(error: unknown): Answer {
  if (error instanceof Refusal) return error.answer;
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return {
      status: 400,
      body: { status: 400, title: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` },
    };
  }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number')
    return { status: error.status, body: { status: error.status, title: error.message } };
  return { status: 500, body: { status: 500, title: error instanceof Error ? error.message : 'failed' } };
}

/** Port 0 takes a free one. */
export async function listen(
  app: Express,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  const host = process.env['SIM_HOST'] ?? '127.0.0.1';
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(starting)));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address to listen on');
  return { server, url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}` };
}
