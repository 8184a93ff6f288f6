import { z } from 'zod';
import { readDemoFile } from '../demo-data';

/** Where everything answers, by environment; the defaults are those of the simulators. */
export interface Places {
  readonly hub: string;
  readonly erp: string;
  readonly warehouse: string;
  readonly carrier: string;
  readonly partner: string;
}

const ports = z.object({
  erp: z.object({ port: z.int() }),
  warehouse: z.object({ port: z.int() }),
  carrier: z.object({ port: z.int() }),
  partner: z.object({ port: z.int() }),
});

export function placesOf(env: NodeJS.ProcessEnv): Places {
  const known = readDemoFile('systems.json', ports);
  const at = (name: string, port: number) => (env[name] ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  return {
    hub: at('HUB_URL', 4080),
    erp: at('ERP_URL', known.erp.port),
    warehouse: at('WMS_URL', known.warehouse.port),
    carrier: at('CARRIER_URL', known.carrier.port),
    partner: at('PARTNER_URL', known.partner.port),
  };
}

/** Every carrier below the carriers' address. */
export function carriersOf(places: Places): readonly string[] {
  const carriers = readDemoFile('carriers.json', z.array(z.object({ scac: z.string() })));
  return carriers.map(({ scac }) => `${places.carrier}/${scac}`);
}

export class Unexpected extends Error {
  readonly status: number;
  constructor(place: string, status: number, body: string) {
    super(`${place} answered ${status}: ${body.slice(0, 400)}`);
    this.name = 'Unexpected';
    this.status = status;
  }
}

/** One JSON call; anything but a success is thrown. */
export async function ask<T>(
  url: string,
  reply: z.ZodType<T>,
  call: {
    readonly body?: unknown;
    readonly method?: string;
    readonly key?: string;
    readonly idempotencyKey?: string;
  } = {},
): Promise<T> {
  const method = call.method ?? (call.body === undefined ? 'GET' : 'POST');
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.key === undefined ? {} : { authorization: `Bearer ${call.key}` }),
      ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Unexpected(`${method} ${url}`, response.status, text);
  return reply.parse(JSON.parse(text));
}

/** Looks again until there is something, or says what did not come about. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs: number,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${Math.round(withinMs / 1000)} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
