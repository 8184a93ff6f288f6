import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Faults } from './faults';
import { Keep } from './keep';

/** A callback on its way to the hub. */
export interface Callback {
  readonly eventId: string;
  /** Below the hub's address: /callbacks/erp/erp */
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly status: 'waiting' | 'delivered' | 'refused';
  readonly attempts: number;
  readonly lastAnswer?: string;
}

export interface CallbackRoute {
  readonly hubUrl: string | null;
  /** Standard Webhooks secret: base64, with or without whsec_. */
  readonly secret: string;
  readonly faults: Faults;
  readonly folder: string | null;
}

const atOnce = 16;
/** An answer below 500 will not become better by itself, but the hub may be in the middle of a start. */
const refusedAfter = 8;

/** Sends signed callbacks until the hub has taken them, across restarts of this process. */
export class Callbacks {
  readonly #route: CallbackRoute;
  readonly #kept: Keep<Callback>;
  readonly #webhook: Webhook;
  readonly #waiting: string[] = [];
  #running = 0;
  #stopped = false;

  constructor(route: CallbackRoute) {
    this.#route = route;
    this.#kept = new Keep<Callback>(route.folder, 'callbacks');
    this.#webhook = new Webhook(route.secret);
    for (const one of this.#kept.values()) if (one.status === 'waiting') this.#waiting.push(one.eventId);
    this.#next();
  }

  /** The same event id is sent once only, however often it is asked for. */
  send(path: string, message: { readonly type: string; readonly data: { readonly eventId: string } }): void {
    const { eventId } = message.data;
    if (this.#kept.get(eventId)) return;
    const body = JSON.stringify(message);
    this.#kept.set(eventId, { eventId, path, type: message.type, body, status: 'waiting', attempts: 0 });
    this.#waiting.push(eventId);
    this.#next();
  }

  list(): readonly Callback[] {
    return this.#kept.values();
  }

  stop(): void {
    this.#stopped = true;
  }

  #next(): void {
    if (this.#route.hubUrl === null) return;
    while (!this.#stopped && this.#running < atOnce && this.#waiting.length > 0) {
      const eventId = this.#waiting.shift() as string;
      this.#running += 1;
      void this.#deliver(eventId).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #deliver(eventId: string): Promise<void> {
    const { callbackDelayMs, shuffleCallbacks, duplicateCallbacks } = this.#route.faults.settings;
    const delayMs = callbackDelayMs + (shuffleCallbacks ? Math.floor(Math.random() * 1500) : 0);
    if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
    for (let attempt = 1; !this.#stopped; attempt += 1) {
      const callback = this.#kept.get(eventId) as Callback;
      const answer = await this.#post(callback);
      const status = statusAfter(answer, attempt);
      this.#kept.set(eventId, { ...callback, status, attempts: attempt, lastAnswer: answer });
      if (status !== 'waiting') break;
      await pause(Math.min(5000, 100 * 2 ** attempt), undefined, { ref: false });
    }
    const sent = this.#kept.get(eventId) as Callback;
    for (let copy = 0; copy < duplicateCallbacks && !this.#stopped; copy += 1) await this.#post(sent);
  }

  /** The hub's answer, in a word: its status, or what kept it from answering. */
  async #post(callback: Callback): Promise<string> {
    const at = new Date();
    try {
      const response = await fetch(`${this.#route.hubUrl}${callback.path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': callback.eventId,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': this.#webhook.sign(callback.eventId, at, callback.body),
        },
        body: callback.body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      return String(response.status);
    } catch (error) {
      return error instanceof Error ? error.name : 'error';
    }
  }
}

function statusAfter(answer: string, attempt: number): Callback['status'] {
  if (/^2\d\d$/.test(answer)) return 'delivered';
  return /^4\d\d$/.test(answer) && answer !== '429' && attempt >= refusedAfter ? 'refused' : 'waiting';
}
