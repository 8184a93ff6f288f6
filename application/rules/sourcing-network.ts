import { z } from 'zod';
import { ruleKind } from './rule-kind';

const id = z.string().min(1).max(64);
const calendarName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/, 'is a word of small letters, digits and hyphens');
const amountMinor = z.number().int().min(0).max(1_000_000_000);
const perDay = z.number().int().min(1).max(100_000_000).nullable().default(null);
const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

export const sourcingNodeRule = ruleKind({
  kind: 'sourcing-node',
  title: 'Nodes: kind, place, days, costs and capacity',
  about:
    'What the choice of nodes knows of one: its kind and groups, where it lies, how many working days it needs, until when an order still counts for the day, what handling costs (in the smallest unit of the currency), and how many units and orders it ships in a day.',
  scopeIs: 'The id of the node.',
  scope: id,
  body: z.strictObject({
    kind: z.enum(['warehouse', 'store', 'supplier']).default('warehouse'),
    groups: z.array(id).max(20).default([]),
    place: z.strictObject({ latitude, longitude }).optional(),
    leadDays: z.number().int().min(0).max(90).default(0),
    cutOff: z
      .string()
      .regex(/^([01]\d|2[0-3])[0-5]\d$/, 'is HHMM on the clock of the node')
      .nullable()
      .default(null),
    calendar: calendarName.nullable().default(null),
    orderCostMinor: amountMinor.default(0),
    unitCostMinor: amountMinor.default(0),
    unitsPerDay: perDay,
    ordersPerDay: perDay,
  }),
  example: {
    kind: 'warehouse',
    groups: ['west'],
    place: { latitude: 34.05, longitude: -118.24 },
    leadDays: 1,
    cutOff: '1500',
    calendar: null,
    orderCostMinor: 250,
    unitCostMinor: 5,
    unitsPerDay: 20_000,
    ordersPerDay: null,
  },
});

const freightBreak = z.strictObject({
  upToGrams: z.number().int().min(1).max(100_000_000).nullable(),
  baseMinor: amountMinor,
  perKilogramMinor: amountMinor,
});

export const freightRatesRule = ruleKind({
  kind: 'freight-rates',
  title: 'Freight: what a shipment costs and how long it takes',
  about:
    'By zone of the ship-to (the longest postal prefix, then state, then country, then *), the working days of the carrier and the price by weight in the smallest unit of the currency. Kilograms begun are counted; no shipment costs more than a heavier one.',
  scopeIs: 'The id of the node that ships, or * for every node without rates of its own.',
  scope: id,
  body: z.strictObject({
    calendar: calendarName.nullable().default(null),
    zones: z
      .array(
        z.strictObject({
          country: z.string().min(1).max(2),
          state: z.string().min(1).max(10).optional(),
          postalPrefix: z
            .string()
            .regex(/^[A-Z0-9]{1,10}$/, 'is capital letters and digits, without blanks')
            .optional(),
          transitDays: z.number().int().min(0).max(90),
          breaks: z
            .array(freightBreak)
            .min(1)
            .max(30)
            .refine(
              (breaks) =>
                breaks.every(({ upToGrams }, at) =>
                  at === breaks.length - 1
                    ? upToGrams === null || upToGrams > (breaks[at - 1]?.upToGrams ?? 0)
                    : upToGrams !== null && upToGrams > (breaks[at - 1]?.upToGrams ?? 0),
                ),
              'breaks ascend by weight, and only the last one may be without end',
            ),
        }),
      )
      .min(1)
      .max(2000),
  }),
  example: {
    calendar: null,
    zones: [
      {
        country: 'US',
        transitDays: 3,
        breaks: [
          { upToGrams: 30_000, baseMinor: 900, perKilogramMinor: 60 },
          { upToGrams: null, baseMinor: 2000, perKilogramMinor: 25 },
        ],
      },
    ],
  },
});

export const workCalendarRule = ruleKind({
  kind: 'work-calendar',
  title: 'Calendars: working days and holidays',
  about: 'When nodes and carriers that name the calendar work. Days are 1 Monday to 7 Sunday.',
  scopeIs: 'The name by which nodes and freight rates call it.',
  scope: calendarName,
  body: z.strictObject({
    workingDays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
    holidays: z.array(z.iso.date()).max(500).default([]),
  }),
  example: { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-12-25'] },
});

export const postalPlacesRule = ruleKind({
  kind: 'postal-places',
  title: 'Places of postal codes',
  about:
    'Where the centre of each postal prefix lies, as [latitude, longitude] in degrees: distances are measured to it along the great circle. The longest prefix of an address counts.',
  scopeIs: 'The country, two letters.',
  scope: z.string().regex(/^[A-Z]{2}$/, 'is two capital letters'),
  body: z.strictObject({
    places: z
      .record(z.string().regex(/^[A-Z0-9]{1,10}$/), z.tuple([latitude, longitude]))
      .refine((places) => Object.keys(places).length <= 5000, 'has at most 5,000 prefixes'),
  }),
  example: { places: { '606': [41.88, -87.63] } },
});
