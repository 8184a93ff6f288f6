import { z } from 'zod';
import { ruleKind } from './rule-kind';

const clock = z.string().regex(/^(([01]\d|2[0-3])[0-5]\d|2400)$/, 'is HHMM on the clock of the store');

export const storeTermsRule = ruleKind({
  kind: 'store-terms',
  title: 'Stores: time to accept, opening hours, pickup',
  about:
    'How stores are asked to ship or to hand out orders: within how many minutes of their opening time they have to accept (else the next node is asked), whether buyers may pick up there, for how many days goods are kept for them, when they are reminded, and how soon goods are brought out to a car. A node is a store when its "sourcing-node" rule says so.',
  scopeIs: 'The id of the node, or * for every store without terms of its own.',
  scope: z.string().min(1).max(64),
  body: z.strictObject({
    acceptWithinMinutes: z.number().int().min(1).max(10_080).default(60),
    openingHours: z
      .array(
        z
          .strictObject({
            days: z
              .array(z.number().int().min(1).max(7))
              .min(1)
              .max(7)
              .meta({ description: '1 Monday to 7 Sunday' }),
            from: clock,
            to: clock,
          })
          .refine(({ from, to }) => from < to, 'opens before it closes'),
      )
      .max(50)
      .default([])
      .meta({ description: 'Nothing: always open' }),
    closedOn: z.array(z.iso.date()).max(500).default([]),
    pickup: z.boolean().default(false),
    pickupWindowDays: z.number().int().min(1).max(90).default(7).meta({
      description: 'Goods are kept until the end of this day after the day on which they are ready',
    }),
    remindDaysBefore: z.number().int().min(0).max(30).default(1),
    bringOutWithinMinutes: z.number().int().min(1).max(240).default(10),
  }),
  example: {
    acceptWithinMinutes: 60,
    openingHours: [{ days: [1, 2, 3, 4, 5, 6], from: '0900', to: '2000' }],
    closedOn: ['2026-12-25'],
    pickup: true,
    pickupWindowDays: 5,
    remindDaysBefore: 2,
    bringOutWithinMinutes: 10,
  },
});
