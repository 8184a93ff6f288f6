import { z } from 'zod';

/** What goes over the wire between the hub and a carrier. Weights are grams, amounts minor units, instants UTC. */
const address = z.object({
  lines: z.array(z.string()).readonly(),
  city: z.string().exactOptional(),
  region: z.string().exactOptional(),
  postalCode: z.string().exactOptional(),
  country: z.string().exactOptional(),
});
const endpointParty = z.object({ name: z.string(), address });
const packages = z
  .array(z.object({ sscc: z.string().regex(/^\d{18}$/), weightGrams: z.int().nonnegative() }))
  .min(1);

/** GET /carriers: who can be reached here; each carrier's own paths are below /{scac}. */
export const carrierList = z.object({
  carriers: z.array(z.object({ scac: z.string().min(2).max(4), name: z.string().min(1) })).min(1),
});
export type CarrierList = z.infer<typeof carrierList>;

/** POST /{scac}/rates */
export const rateRequest = z.object({
  shipmentNumber: z.string().min(1),
  from: endpointParty,
  to: endpointParty,
  packages,
});
export type RateRequest = z.infer<typeof rateRequest>;

const rate = z.object({
  service: z.string().min(1),
  amountMinor: z.int().nonnegative(),
  currency: z.string().length(3),
  transitDays: z.int().positive(),
  estimatedDelivery: z.iso.date(),
});
export const rateReply = z.object({
  carrier: z.string().min(1),
  scac: z.string().min(2).max(4),
  rates: z.array(rate),
});
export type RateReply = z.infer<typeof rateReply>;

/** POST /{scac}/labels */
export const labelRequest = rateRequest.extend({ service: z.string().min(1) });
export type LabelRequestWire = z.infer<typeof labelRequest>;

/** The answer to POST /{scac}/labels; GET /{scac}/labels?shipmentNumber= answers with it too, or with 404. */
export const label = z.object({
  shipmentNumber: z.string(),
  scac: z.string(),
  service: z.string(),
  amountMinor: z.int().nonnegative(),
  currency: z.string().length(3),
  estimatedDelivery: z.iso.date(),
  trackingNumbers: z.record(z.string(), z.string()),
});
export type Label = z.infer<typeof label>;

/** POST /{scac}/voids */
export const voidRequest = z.object({ trackingNumbers: z.array(z.string().min(1)).min(1) });
export const voidReply = z.object({ voided: z.array(z.string()) });

/** POST /callbacks/carrier/{counterparty}, signed by Standard Webhooks; webhook-id is data.eventId. */
export const trackingUpdated = z.object({
  type: z.literal('tracking.updated'),
  data: z.object({
    eventId: z.string().min(1).max(120),
    scac: z.string().min(2).max(4),
    shipmentNumber: z.string().min(1),
    trackingNumber: z.string().min(1),
    /** Events may arrive in any order: occurredAt tells which is the latest. */
    status: z.enum(['picked-up', 'in-transit', 'out-for-delivery', 'delivered', 'exception']),
    occurredAt: z.iso.datetime(),
    location: z.string().exactOptional(),
    estimatedDelivery: z.iso.date().exactOptional(),
  }),
});
export const carrierCallback = z.discriminatedUnion('type', [trackingUpdated]);
export type CarrierCallback = z.infer<typeof carrierCallback>;
