import { setTimeout as pause } from 'node:timers/promises';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { Buyer } from './buyer';
import { compare, expectation } from './compare';
import { changeToSend, orderToSend } from './compose-order';
import type { Identity } from './identity';

export interface PartnerOptions {
  readonly hubUrl: string | null;
  readonly erpUrl: string;
  readonly folder: string | null;
  readonly identities: readonly Identity[];
  readonly pollMs: number;
}

const addressed = z.object({ as: z.string(), purchaseOrder: z.string().min(1).max(22) });
const segment = z.array(z.string()).min(1);

/** Trading partners: they send orders when they are told to, and read and answer their mail by themselves. */
export class PartnerSimulator {
  readonly app: Express = express();
  readonly #buyers: ReadonlyMap<string, Buyer>;
  readonly #pollMs: number;
  #stopped = false;

  constructor({ hubUrl, erpUrl, folder, identities, pollMs }: PartnerOptions) {
    const hub = hubUrl ?? 'http://127.0.0.1:4080';
    this.#buyers = new Map(
      identities.map((identity) => [identity.id, new Buyer({ identity, hubUrl: hub, erpUrl, folder })]),
    );
    this.#pollMs = pollMs;
    this.#routes();
    for (const buyer of this.#buyers.values()) void this.#readMail(buyer);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #readMail(buyer: Buyer): Promise<void> {
    while (!this.#stopped) {
      // A hub that is away is asked again; what it has for us waits there.
      await buyer.poll().catch(() => undefined);
      await pause(this.#pollMs, undefined, { ref: false });
    }
  }

  #routes(): void {
    this.app.use(express.json({ limit: '5mb' }));
    this.app.get('/admin/health', (_request, response) => void response.json({ status: 'up' }));
    this.#send('/orders', addressed.extend({ order: orderToSend }), (buyer, { purchaseOrder, order }) =>
      buyer.order(purchaseOrder, order),
    );
    this.#send('/changes', addressed.extend({ change: changeToSend }), (buyer, { purchaseOrder, change }) =>
      buyer.change(purchaseOrder, change),
    );
    this.#send(
      '/raw',
      addressed.extend({ segments: z.array(segment) }),
      (buyer, { purchaseOrder, segments }) => buyer.raw(purchaseOrder, segments),
    );
    this.#send('/again', addressed, (buyer, { purchaseOrder }) => buyer.again(purchaseOrder));
    this.app.get('/trades/:as/:purchaseOrder', (request, response) => {
      const trade = this.#buyer(String(request.params['as'])).trade(String(request.params['purchaseOrder']));
      response.status(trade ? 200 : 404).json(trade ?? {});
    });
    this.app.post('/trades/:as/:purchaseOrder/compare', (request, response) => {
      const trade = this.#buyer(String(request.params['as'])).trade(String(request.params['purchaseOrder']));
      const expected = expectation.parse(request.body);
      response.json({ differences: trade ? compare(trade, expected) : ['nothing was sent'] });
    });
    this.app.get('/admin/state', (_request, response) => {
      const buyers = [...this.#buyers.values()];
      response.json({
        problems: buyers.flatMap((buyer) => buyer.problems.map((one) => `${buyer.identity.id}: ${one}`)),
        trades: buyers.flatMap((buyer) => buyer.trades()),
      });
    });
    this.app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      response
        .status(error instanceof z.ZodError ? 400 : 502)
        .json({ title: error instanceof Error ? error.message : 'failed' });
    });
  }

  #send<T extends z.infer<typeof addressed>>(
    path: string,
    shape: z.ZodType<T>,
    work: (buyer: Buyer, body: T) => Promise<unknown>,
  ): void {
    this.app.post(path, async (request, response) => {
      const body = shape.parse(request.body);
      response.status(201).json(await work(this.#buyer(body.as), body));
    });
  }

  #buyer(name: string): Buyer {
    const buyer = this.#buyers.get(name);
    if (!buyer)
      throw new z.ZodError([
        { code: 'custom', path: ['as'], message: `there is no partner ${name}`, input: name },
      ]);
    return buyer;
  }
}
