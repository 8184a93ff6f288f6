import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CarrierProfile } from './carrier/server';
import type { OpenAccount } from './erp/receivables';
import { type Identity, identity } from './partner/identity';

/** The demo's data as the outside sees it: what the ERP, the warehouse and the carriers know of it. */
export interface DemoData {
  readonly systems: z.infer<typeof systems>;
  readonly carriers: readonly CarrierProfile[];
  readonly receivables: readonly OpenAccount[];
  readonly erpCustomers: readonly unknown[];
  readonly erpItems: readonly unknown[];
  readonly weights: Readonly<Record<string, number>>;
  readonly partners: readonly Identity[];
}

const credentials = z.object({
  counterparty: z.string(),
  port: z.int(),
  apiKey: z.string(),
  callbackSecret: z.string(),
});
const systems = z.object({
  erp: credentials,
  warehouse: credentials,
  carrier: credentials.omit({ counterparty: true }),
  partner: z.object({ port: z.int() }),
});
const carriers = z.array(
  z.object({
    scac: z.string(),
    name: z.string(),
    currency: z.string(),
    services: z.array(
      z.object({
        service: z.string(),
        perPackageMinor: z.int(),
        perKilogramMinor: z.int(),
        transitDays: z.int(),
      }),
    ),
  }),
);
const receivables = z.array(
  z.object({
    creditAccountId: z.string(),
    currency: z.string(),
    unappliedCashMinor: z.int(),
    openItems: z.array(
      z.object({ invoiceNumber: z.string(), openMinor: z.int(), dueInDays: z.int(), disputed: z.boolean() }),
    ),
  }),
);
const customers = z.object({
  customers: z.array(
    z.object({ id: z.string(), name: z.string(), creditAccountId: z.string(), currency: z.string() }),
  ),
});
const items = z.array(
  z.object({ id: z.string(), description: z.string(), gtin: z.string(), weightGrams: z.int() }),
);

/** The data lies beside the code, in the sources as in the build. */
export const demoFolder = join(__dirname, 'demo-day');

export function readDemoFile<T>(name: string, shape: z.ZodType<T>): T {
  return shape.parse(JSON.parse(readFileSync(join(demoFolder, 'data', name), 'utf8')));
}

export function readDemoData(): DemoData {
  const known = readDemoFile('items.json', items);
  return {
    systems: readDemoFile('systems.json', systems),
    carriers: readDemoFile('carriers.json', carriers),
    receivables: readDemoFile('receivables.json', receivables),
    erpCustomers: readDemoFile('customers.json', customers).customers.map(({ id, ...rest }) => ({
      customerId: id,
      ...rest,
    })),
    erpItems: known.map(({ id, description, gtin }) => ({ itemId: id, description, gtin })),
    partners: partnersOf(),
    weights: Object.fromEntries(known.map((item) => [item.id, item.weightGrams])),
  };
}

/** Whom they trade with is the same for all of them: the seller's own ids. */
function partnersOf(): readonly Identity[] {
  const seller = readDemoFile('entity.json', z.object({ edi: identity.shape.seller })).edi;
  const partners = z.array(identity.omit({ seller: true }));
  return readDemoFile('partners.json', partners).map((one) => ({ ...one, seller }));
}
