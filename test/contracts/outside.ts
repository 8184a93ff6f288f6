import { mkdtempSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { Webhook } from 'standardwebhooks';
import type { Endpoint, IdempotencyMode } from '../../adapters/json-call';
import { CarrierSimulator, carrierGateway } from '../../simulators/carrier/server';
import { ErpSimulator } from '../../simulators/erp/server';
import { listen } from '../../simulators/ground/door';
import { WarehouseSimulator } from '../../simulators/warehouse/server';

export const secret = 'contract-test-key';
export const callbackSecret = 'contractTestCallbackSecret000000';

export interface TakenCallback {
  readonly path: string;
  readonly eventId: string;
  readonly message: { readonly type: string; readonly data: Record<string, unknown> };
}

/** Simulators over real HTTP, and a stand-in for the hub that only takes callbacks down. */
export class Outside {
  readonly callbacks: TakenCallback[] = [];
  /** Answers to the next callbacks; 204 when there is none. */
  readonly answers: number[] = [];
  readonly #servers: Server[] = [];
  readonly #stops: (() => void)[] = [];
  hubUrl = '';

  async start(): Promise<void> {
    const hub = express();
    hub.use(express.text({ type: 'application/json' }));
    hub.post('/callbacks/*path', (request, response) => {
      const answer = this.answers.shift();
      if (answer !== undefined) {
        response.status(answer).end();
        return;
      }
      const message = new Webhook(callbackSecret).verify(
        request.body,
        request.headers as Record<string, string>,
      );
      const eventId = request.get('webhook-id') ?? '';
      this.callbacks.push({ path: request.path, eventId, message: message as TakenCallback['message'] });
      response.status(204).end();
    });
    this.hubUrl = await this.#listen(hub);
  }

  async #listen(app: Express): Promise<string> {
    const { server, url } = await listen(app, 0);
    this.#servers.push(server);
    return url;
  }

  async erp(folder: string | null = null): Promise<string> {
    const erp = new ErpSimulator({
      ...this.#common(folder),
      counterparty: 'erp',
      customers: [],
      items: [],
      accounts: [
        {
          creditAccountId: 'CA-OLD',
          currency: 'USD',
          unappliedCashMinor: 500,
          openItems: [{ invoiceNumber: 'OLD-1', openMinor: 12_000, dueInDays: -3, disputed: false }],
        },
      ],
    });
    this.#stops.push(() => erp.stop());
    return this.#listen(erp.app);
  }

  async warehouse(folder: string | null = null): Promise<string> {
    const warehouse = new WarehouseSimulator({
      ...this.#common(folder),
      counterparty: 'wms',
      weights: {},
      pickMs: 60,
      shipMs: 60,
    });
    this.#stops.push(() => warehouse.stop());
    return this.#listen(warehouse.app);
  }

  async carriers(trackingMs = 0): Promise<string> {
    const profiles = [
      {
        scac: 'FAST',
        name: 'Fast',
        currency: 'USD',
        services: [{ service: 'EXPRESS', perPackageMinor: 2000, perKilogramMinor: 100, transitDays: 1 }],
      },
      {
        scac: 'SLOW',
        name: 'Slow',
        currency: 'USD',
        services: [{ service: 'GROUND', perPackageMinor: 500, perKilogramMinor: 50, transitDays: 4 }],
      },
    ];
    const carriers = profiles.map((profile) => {
      const simulator = new CarrierSimulator(profile, { ...this.#common(null), trackingMs });
      this.#stops.push(() => simulator.stop());
      return { profile, app: simulator.app };
    });
    return this.#listen(carrierGateway(carriers, secret));
  }

  #common(folder: string | null) {
    return { secret, callbackSecret, hubUrl: this.hubUrl, folder };
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

/** For calls whose answer is known not to come. */
export const impatientMs = 1500;

export function endpoint(
  baseUrl: string,
  idempotency: IdempotencyMode = 'key',
  timeoutMs = 10_000,
): Endpoint {
  return { baseUrl, idempotency, timeoutMs, secret };
}

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'order-hub-simulator-'));
}

export async function setFaults(url: string, faults: object): Promise<void> {
  await post(`${url}/admin/faults`, faults);
}

export async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it knows to be there
export async function stateOf(url: string): Promise<any> {
  return (await fetch(`${url}/admin/state`)).json();
}

export async function until(what: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come about in time');
}
