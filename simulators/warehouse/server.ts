import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { z } from 'zod';
import {
  type WarehouseCallback,
  type WarehouseReleaseWire,
  warehouseRelease,
} from '../../adapters/wms/contract';
import { Callbacks } from '../ground/callbacks';
import { type Answer, Door, Refusal } from '../ground/door';
import { Keep } from '../ground/keep';
import { pack, pick, type Shortage, ssccOf } from './picking';

export interface WarehouseOptions {
  readonly secret: string;
  readonly callbackSecret: string;
  readonly hubUrl: string | null;
  readonly counterparty: string;
  readonly folder: string | null;
  /** Grams of one base unit; others weigh 500 g. */
  readonly weights: Readonly<Record<string, number>>;
  /** From the release to picked, and from there to the goods leaving. */
  readonly pickMs: number;
  readonly shipMs: number;
}

/** One release as the warehouse keeps it. `requests` above one means that the hub had it worked twice. */
export interface KeptRelease {
  readonly release: WarehouseReleaseWire;
  readonly warehouseReference: string;
  readonly stage: 'refused' | 'released' | 'picked' | 'shipped' | 'recalled';
  readonly reason?: string;
  readonly requests: number;
  readonly recalls: number;
  readonly lines?: readonly {
    readonly lineNumber: number;
    readonly shipped: number;
    readonly shortReason?: string;
  }[];
}

const speed = z.object({ pickMs: z.int().min(0), shipMs: z.int().min(0), paused: z.boolean() }).partial();
const shortage = z.object({
  releaseNumber: z.string().exactOptional(),
  itemId: z.string().exactOptional(),
  shortBy: z.int().positive(),
  reason: z.string().default('not on the shelf'),
  times: z.int().positive().default(1),
});
const refusal = z.object({ itemId: z.string(), reason: z.string().nullable() });
const receiptLine = z.object({ itemId: z.string(), quantity: z.int().positive() });
const receipt = z.union([
  z.object({ nodeId: z.string(), lines: z.array(receiptLine).min(1) }),
  receiptLine.extend({ nodeId: z.string() }).transform(({ nodeId, ...line }) => ({ nodeId, lines: [line] })),
]);

/** A warehouse system that runs several nodes: it picks after a while, packs, ships and reports. */
export class WarehouseSimulator {
  readonly app: Express;
  readonly #options: WarehouseOptions;
  readonly #door: Door;
  readonly #callbacks: Callbacks;
  readonly #releases: Keep<KeptRelease>;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #refusals = new Map<string, string>();
  #shortages: readonly Shortage[] = [];
  #speed: { pickMs: number; shipMs: number; paused: boolean };
  #serial = Date.now() % 1_000_000_000;

  constructor(options: WarehouseOptions) {
    const { folder, hubUrl, callbackSecret } = options;
    this.#options = options;
    this.#speed = { pickMs: options.pickMs, shipMs: options.shipMs, paused: false };
    this.#door = new Door(options);
    this.app = this.#door.app;
    this.#callbacks = new Callbacks({ hubUrl, secret: callbackSecret, faults: this.#door.faults, folder });
    this.#releases = new Keep(folder, 'releases');
    this.#door.post('/releases', (request) => this.#accept(warehouseRelease.parse(request.body)));
    this.#door.get('/releases/:number', (request) => this.#show(String(request.params['number'])));
    this.#door.post('/releases/:number/recall', (request) => this.#recall(String(request.params['number'])));
    this.#buttons();
    this.#door.close();
    for (const one of this.#releases.values()) this.#goOn(one.release.releaseNumber);
  }

  stop(): void {
    this.#callbacks.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #buttons(): void {
    this.#door.admin('/admin/receive', (body) => this.#receive(receipt.parse(body)));
    this.#door.admin('/admin/shortages', (body) => {
      this.#shortages = [...this.#shortages, shortage.parse(body)];
      return { shortages: this.#shortages };
    });
    this.#door.admin('/admin/refusals', (body) => {
      const { itemId, reason } = refusal.parse(body);
      if (reason === null) this.#refusals.delete(itemId);
      else this.#refusals.set(itemId, reason);
      return { refusals: Object.fromEntries(this.#refusals) };
    });
    this.#door.admin('/admin/speed', (body) => this.#changeSpeed(speed.parse(body)));
    this.#door.state('/admin/state', () => ({
      releases: this.#releases.values(),
      callbacks: this.#callbacks.list(),
      shortages: this.#shortages,
      speed: this.#speed,
    }));
  }

  #accept(release: WarehouseReleaseWire): Answer {
    const before = this.#releases.get(release.releaseNumber);
    if (before && !this.#door.faults.settings.ignoreIdempotencyKeys) {
      if (JSON.stringify(before.release) !== JSON.stringify(release))
        throw new Refusal(409, `release ${release.releaseNumber} is there with other content`);
      return { status: 200, body: replyTo(before) };
    }
    const reason = release.lines
      .map((line) => this.#refusals.get(line.itemId))
      .find((one) => one !== undefined);
    const kept = this.#releases.set(release.releaseNumber, {
      release,
      warehouseReference:
        before?.warehouseReference ?? `WR${String(this.#releases.size + 1).padStart(7, '0')}`,
      stage: before?.stage ?? (reason === undefined ? 'released' : 'refused'),
      ...(reason === undefined ? {} : { reason }),
      requests: (before?.requests ?? 0) + 1,
      recalls: before?.recalls ?? 0,
    });
    if (!before) this.#goOn(release.releaseNumber);
    return { status: 201, body: replyTo(kept) };
  }

  #show(releaseNumber: string): Answer {
    const { stage, warehouseReference, reason } = this.#known(releaseNumber);
    return {
      status: 200,
      body: { releaseNumber, warehouseReference, stage, ...(reason === undefined ? {} : { reason }) },
    };
  }

  #recall(releaseNumber: string): Answer {
    const kept = this.#known(releaseNumber);
    const recalls = kept.recalls + 1;
    if (kept.stage === 'picked' || kept.stage === 'shipped') {
      this.#releases.set(releaseNumber, { ...kept, recalls });
      return { status: 200, body: { status: 'too-late', reason: `already ${kept.stage}` } };
    }
    this.#releases.set(releaseNumber, { ...kept, stage: 'recalled', recalls });
    return { status: 200, body: { status: 'recalled' } };
  }

  #known(releaseNumber: string): KeptRelease {
    const kept = this.#releases.get(releaseNumber);
    if (!kept) throw new Refusal(404, 'no such release');
    return kept;
  }

  /** Sets the clock for the next stage, from wherever the release stands: after a restart too. */
  #goOn(releaseNumber: string): void {
    const { stage } = this.#known(releaseNumber);
    if (stage === 'released') this.#after(this.#speed.pickMs, () => this.#pick(releaseNumber));
    if (stage === 'picked') this.#after(this.#speed.shipMs, () => this.#ship(releaseNumber));
  }

  #after(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#speed.paused) this.#after(100, work);
      else work();
    }, delayMs);
    this.#timers.add(timer);
  }

  #pick(releaseNumber: string): void {
    const kept = this.#known(releaseNumber);
    if (kept.stage !== 'released') return;
    const { lines, shortages } = pick(kept.release, this.#shortages);
    this.#shortages = shortages;
    this.#releases.set(releaseNumber, { ...kept, stage: 'picked', lines });
    this.#goOn(releaseNumber);
  }

  #ship(releaseNumber: string): void {
    const kept = this.#known(releaseNumber);
    if (kept.stage !== 'picked') return;
    const { release, lines = [] } = kept;
    this.#releases.set(releaseNumber, { ...kept, stage: 'shipped' });
    const packages = pack(
      release,
      lines,
      (itemId) => this.#options.weights[itemId] ?? 500,
      () => this.#ownSscc(),
    );
    const trackingNumber = packages[0]?.trackingNumber;
    this.#tell({
      type: 'shipment.confirmed',
      data: {
        eventId: `ship-${kept.warehouseReference}-${releaseNumber}`,
        releaseNumber,
        nodeId: release.nodeId,
        shippedAt: new Date().toISOString(),
        billOfLading: `BOL${kept.warehouseReference.slice(2)}`,
        ...(trackingNumber === undefined ? {} : { trackingNumber }),
        lines: [...lines],
        packages,
      },
    });
  }

  #receive(received: z.infer<typeof receipt>): unknown {
    const eventId = `receipt-${randomUUID()}`;
    this.#tell({
      type: 'stock.received',
      data: { ...received, eventId, receivedAt: new Date().toISOString() },
    });
    return { eventId };
  }

  #changeSpeed(change: z.infer<typeof speed>): unknown {
    const { pickMs, shipMs, paused } = change;
    this.#speed = {
      pickMs: pickMs ?? this.#speed.pickMs,
      shipMs: shipMs ?? this.#speed.shipMs,
      paused: paused ?? this.#speed.paused,
    };
    return this.#speed;
  }

  #ownSscc(): string {
    this.#serial += 1;
    return ssccOf('0999999', this.#serial);
  }

  #tell(message: WarehouseCallback): void {
    this.#callbacks.send(`/callbacks/warehouse/${this.#options.counterparty}`, message);
  }
}

function replyTo(kept: KeptRelease): unknown {
  return kept.stage === 'refused'
    ? { status: 'refused', reason: kept.reason }
    : { status: 'accepted', warehouseReference: kept.warehouseReference };
}
