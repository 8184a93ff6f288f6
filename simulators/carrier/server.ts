import express, { type Express } from 'express';
import { z } from 'zod';
import {
  type CarrierCallback,
  type Label,
  type LabelRequestWire,
  labelRequest,
  type RateRequest,
  rateRequest,
  voidRequest,
} from '../../adapters/carrier/contract';
import { Callbacks } from '../ground/callbacks';
import { type Answer, Door, Refusal } from '../ground/door';
import { Keep } from '../ground/keep';

/** A tariff: a price per package and per started kilogram. */
export interface CarrierService {
  readonly service: string;
  readonly perPackageMinor: number;
  readonly perKilogramMinor: number;
  readonly transitDays: number;
}

export interface CarrierProfile {
  readonly scac: string;
  readonly name: string;
  readonly currency: string;
  readonly services: readonly CarrierService[];
}

export interface CarrierOptions {
  readonly secret: string;
  readonly callbackSecret: string;
  readonly hubUrl: string | null;
  readonly folder: string | null;
  /** Between a label and its first tracking event, and from there to each next one; 0 sends none. */
  readonly trackingMs: number;
}

interface KeptLabel {
  readonly label: Label;
  /** Above one: the same shipment was sold a label twice. */
  readonly sold: number;
  readonly voided: readonly string[];
  readonly events: number;
}

const journey = ['picked-up', 'in-transit', 'out-for-delivery', 'delivered'] as const;

/** One carrier: rates, labels with tracking numbers, voids, and the news of where a package is. */
export class CarrierSimulator {
  readonly app: Express;
  readonly #profile: CarrierProfile;
  readonly #options: CarrierOptions;
  readonly #door: Door;
  readonly #callbacks: Callbacks;
  readonly #labels: Keep<KeptLabel>;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(profile: CarrierProfile, options: CarrierOptions) {
    const { folder, hubUrl, callbackSecret } = options;
    this.#profile = profile;
    this.#options = options;
    this.#door = new Door(options);
    this.app = this.#door.app;
    this.#callbacks = new Callbacks({ hubUrl, secret: callbackSecret, faults: this.#door.faults, folder });
    this.#labels = new Keep(folder, 'labels');
    this.#door.post('/rates', (request) => ({
      status: 200,
      body: this.#rates(rateRequest.parse(request.body)),
    }));
    this.#door.post('/labels', (request) => this.#sell(labelRequest.parse(request.body)));
    this.#door.get('/labels', (request) => this.#find(z.string().parse(request.query['shipmentNumber'])));
    this.#door.post('/voids', (request) => this.#void(voidRequest.parse(request.body).trackingNumbers));
    this.#door.state('/admin/state', () => ({
      labels: this.#labels.values(),
      callbacks: this.#callbacks.list(),
    }));
    this.#door.close();
    for (const one of this.#labels.values()) this.#track(one.label.shipmentNumber);
  }

  stop(): void {
    this.#callbacks.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #rates(request: RateRequest) {
    const { scac, name, currency, services } = this.#profile;
    const rates = services.map((one) => ({
      service: one.service,
      amountMinor: priceOf(one, request),
      currency,
      transitDays: one.transitDays,
      estimatedDelivery: inDays(one.transitDays),
    }));
    return { carrier: name, scac, rates };
  }

  #sell(request: LabelRequestWire): Answer {
    const offer = this.#rates(request).rates.find((one) => one.service === request.service);
    if (!offer) throw new Refusal(422, `${this.#profile.scac} has no service ${request.service}`);
    const before = this.#labels.get(request.shipmentNumber);
    if (before && before.voided.length === 0 && !this.#door.faults.settings.ignoreIdempotencyKeys)
      return { status: 200, body: before.label };
    const sold = (before?.sold ?? 0) + 1;
    const label: Label = {
      shipmentNumber: request.shipmentNumber,
      scac: this.#profile.scac,
      service: offer.service,
      amountMinor: offer.amountMinor,
      currency: offer.currency,
      estimatedDelivery: offer.estimatedDelivery,
      trackingNumbers: Object.fromEntries(
        request.packages.map((one) => [one.sscc, this.#trackingNumber(one.sscc, sold)]),
      ),
    };
    this.#labels.set(request.shipmentNumber, { label, sold, voided: [], events: 0 });
    this.#track(request.shipmentNumber);
    return { status: 201, body: label };
  }

  #trackingNumber(sscc: string, sold: number): string {
    return `${this.#profile.scac}${sscc.slice(-13)}${sold}`;
  }

  #find(shipmentNumber: string): Answer {
    const kept = this.#labels.get(shipmentNumber);
    if (!kept || kept.voided.length > 0) throw new Refusal(404, 'no label for this shipment');
    return { status: 200, body: kept.label };
  }

  #void(trackingNumbers: readonly string[]): Answer {
    for (const kept of this.#labels.values()) {
      const own = Object.values(kept.label.trackingNumbers).filter((one) => trackingNumbers.includes(one));
      if (own.length === 0) continue;
      if (kept.events > 0) throw new Refusal(422, 'the package is on its way');
      this.#labels.set(kept.label.shipmentNumber, {
        ...kept,
        voided: [...new Set([...kept.voided, ...own])],
      });
    }
    return { status: 200, body: { voided: trackingNumbers } };
  }

  /** One event of every package's journey after another, each told once; goes on after a restart. */
  #track(shipmentNumber: string): void {
    const { trackingMs } = this.#options;
    const kept = this.#labels.get(shipmentNumber);
    if (trackingMs === 0 || !kept || kept.events >= journey.length || kept.voided.length > 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#tellNext(shipmentNumber);
      this.#track(shipmentNumber);
    }, trackingMs);
    this.#timers.add(timer);
  }

  #tellNext(shipmentNumber: string): void {
    const kept = this.#labels.get(shipmentNumber);
    const status = journey[kept?.events ?? 0];
    if (!kept || status === undefined || kept.voided.length > 0) return;
    this.#labels.set(shipmentNumber, { ...kept, events: kept.events + 1 });
    for (const trackingNumber of Object.values(kept.label.trackingNumbers)) {
      this.#tell({
        type: 'tracking.updated',
        data: {
          eventId: `track-${trackingNumber}-${status}`,
          scac: this.#profile.scac,
          shipmentNumber,
          trackingNumber,
          status,
          occurredAt: new Date().toISOString(),
          estimatedDelivery: kept.label.estimatedDelivery,
        },
      });
    }
  }

  #tell(message: CarrierCallback): void {
    this.#callbacks.send(`/callbacks/carrier/${this.#profile.scac}`, message);
  }
}

/** All carriers behind one address, each below its code, each with its own faults. */
export function carrierGateway(
  carriers: readonly { readonly profile: CarrierProfile; readonly app: Express }[],
  secret: string,
): Express {
  const gateway = express();
  gateway.get('/admin/health', (_request, response) => void response.json({ status: 'up' }));
  gateway.get('/carriers', (request, response) => {
    if (request.get('authorization') !== `Bearer ${secret}`)
      response.status(401).json({ status: 401, title: 'wrong key' });
    else
      response.json({
        carriers: carriers.map(({ profile }) => ({ scac: profile.scac, name: profile.name })),
      });
  });
  for (const { profile, app } of carriers) gateway.use(`/${profile.scac}`, app);
  return gateway;
}

function priceOf(service: CarrierService, request: RateRequest): number {
  const grams = request.packages.reduce((sum, one) => sum + one.weightGrams, 0);
  return (
    request.packages.length * service.perPackageMinor + Math.ceil(grams / 1000) * service.perKilogramMinor
  );
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
