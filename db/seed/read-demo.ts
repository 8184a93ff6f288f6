import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The demo's master data, as the JSON files of the demo day hold it. */
const address = z.record(z.string(), z.unknown());
const party = z.record(z.string(), z.unknown());
const minor = z.int();
const priceRow = z.object({
  itemId: z.string(),
  unit: z.string(),
  minimumQuantity: z.string(),
  unitPrice: z.string(),
});

const files = {
  entity: z.object({
    id: z.string(),
    name: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    gs1Prefix: z.string(),
    address,
    remitTo: party,
    numberSeries: z.array(z.object({ kind: z.string(), prefix: z.string(), first: z.int() })),
    edi: z.object({ isaQualifier: z.string(), isaId: z.string(), gsId: z.string() }),
  }),
  nodes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      timeZone: z.string(),
      rank: z.int(),
      counterparty: z.string(),
      address,
    }),
  ),
  /** Nodes that are stores, and on what terms. */
  stores: z.array(z.object({ nodeId: z.string(), terms: z.record(z.string(), z.unknown()) })),
  items: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      baseUnit: z.string(),
      units: z.record(z.string(), z.int()),
      weightGrams: z.int(),
      unitsPerCarton: z.int(),
      backorderable: z.boolean(),
      gtin: z.string(),
    }),
  ),
  stock: z.array(z.object({ itemId: z.string(), nodeId: z.string(), onHand: z.int() })),
  prices: z.object({
    lists: z.array(
      z.object({ id: z.string(), name: z.string(), currency: z.string(), prices: z.array(priceRow) }),
    ),
    contracts: z.array(z.object({ customerId: z.string(), prices: z.array(priceRow) })),
  }),
  customers: z.object({
    creditAccounts: z.array(
      z.object({ id: z.string(), name: z.string(), currency: z.string(), limitMinor: minor }),
    ),
    customers: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        entityId: z.string(),
        creditAccountId: z.string(),
        priceListId: z.string(),
        currency: z.string(),
        timeZone: z.string(),
        terms: z.record(z.string(), z.unknown()),
        policy: z.record(z.string(), z.unknown()),
        billTo: party,
        shipTo: z.array(z.object({ qualifier: z.string(), code: z.string(), name: z.string(), address })),
        partNumbers: z.array(z.object({ qualifier: z.string(), value: z.string(), itemId: z.string() })),
      }),
    ),
  }),
  receivables: z.array(
    z.object({
      creditAccountId: z.string(),
      currency: z.string(),
      unappliedCashMinor: minor,
      openItems: z.array(
        z.object({
          invoiceNumber: z.string(),
          openMinor: minor,
          dueInDays: z.int(),
          disputed: z.boolean(),
        }),
      ),
    }),
  ),
  partners: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      customerId: z.string(),
      apiKey: z.string(),
      isaQualifier: z.string(),
      isaId: z.string(),
      gsId: z.string(),
      usage: z.enum(['P', 'T']),
      isaVersion: z.string(),
      version: z.string(),
      separators: z.record(z.string(), z.string()),
      shipNoticeStructure: z.string(),
      acknowledgeWithinMinutes: z.int(),
    }),
  ),
  guides: z.array(
    z.object({
      partnerId: z.string(),
      direction: z.enum(['in', 'out']),
      /** What a guide holds is edi's matter. */
      guide: z.looseObject({ name: z.string(), title: z.string(), set: z.string(), version: z.string() }),
    }),
  ),
  people: z.object({
    authorities: z.array(
      z.object({
        role: z.string(),
        holdTypes: z.array(z.string()),
        maximumMinor: minor.nullable(),
        secondPersonAboveMinor: minor.nullable(),
      }),
    ),
    priceOverrides: z.array(
      z.object({
        role: z.string(),
        maximumPercent: z.string().nullable(),
        maximumMinor: minor.nullable(),
        belowFloor: z.boolean(),
        reasons: z.array(z.string()),
      }),
    ),
    people: z.array(
      z.object({
        person: z.string(),
        name: z.string(),
        key: z.string(),
        roles: z.array(z.string()),
        scopes: z.array(z.string()),
        customerId: z.string().optional(),
        /** Of a store's person. */
        nodeId: z.string().optional(),
      }),
    ),
  }),
  buyers: z.array(
    z.object({
      customerId: z.string(),
      people: z.array(
        z.object({
          person: z.string(),
          limitMinor: minor.nullable(),
          costCentre: z.string(),
          mayApprove: z.boolean(),
          approvesUpToMinor: minor.nullable(),
        }),
      ),
      /** Of each calendar year that the demo may be looked at in. */
      budgets: z.array(z.object({ costCentre: z.string(), amountMinor: minor })),
    }),
  ),
};

type Files = typeof files;
export type Demo = { readonly [Name in keyof Files]: z.infer<Files[Name]> };

/** The files lie where the demo day has them, in the sources as in the build. */
const folder = join(__dirname, '..', '..', 'simulators', 'demo-day', 'data');

export function readDemo(): Demo {
  const read = <Name extends keyof Files>(name: Name): unknown =>
    files[name].parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  return Object.fromEntries(Object.keys(files).map((name) => [name, read(name as keyof Files)])) as Demo;
}
