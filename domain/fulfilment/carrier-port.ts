import type { PostalAddress } from '../order/order-request';
import type { Routing } from './choose-carrier';

export interface LabelRequest {
  readonly idempotencyKey: string;
  readonly shipmentNumber: string;
  readonly from: { readonly name: string; readonly address: PostalAddress };
  readonly to: { readonly name: string; readonly address: PostalAddress };
  /** Latest wished-for day of delivery, where there is one. */
  readonly deliverBy?: string;
  readonly packages: readonly { readonly sscc: string; readonly weightGrams: number }[];
  /** Whom it is to go with; null: whoever is cheapest in time. */
  readonly routing: Routing | null;
}

/** A price for the whole shipment. */
export interface CarrierRate {
  readonly carrier: string;
  readonly scac: string;
  readonly service: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly transitDays: number;
}

export interface CarrierLabel {
  readonly scac: string;
  readonly service: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly estimatedDelivery: string;
  /** One a package, by SSCC. */
  readonly trackingNumbers: Readonly<Record<string, string>>;
  /** Every rate that was looked at, and why this one was taken. */
  readonly considered: readonly CarrierRate[];
  readonly reason: string;
}

/** Rates of all carriers are asked for and the label of the chosen one is bought in one call (rate inside). */
export interface CarrierPort {
  buyLabel(request: LabelRequest): Promise<CarrierLabel>;
  voidLabel(request: {
    readonly idempotencyKey: string;
    readonly scac: string;
    readonly trackingNumbers: readonly string[];
  }): Promise<void>;
}
