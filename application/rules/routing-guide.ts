import { z } from 'zod';
import { ruleKind } from './rule-kind';

const codes = (longest: number) => z.array(z.string().min(1).max(longest)).min(1).max(500);
const count = z.int().nonnegative().max(1_000_000_000);
const scac = z.string().regex(/^[A-Z]{2,4}$/, 'is a carrier code (SCAC) of two to four capital letters');

const route = z.strictObject({
  name: z.string().min(1).max(60).meta({ description: 'As it is given as the reason on orders' }),
  when: z
    .strictObject({
      nodes: codes(60).optional(),
      countries: codes(2).optional(),
      regions: codes(30).optional(),
      postalPrefixes: codes(10).optional(),
      minimumCartons: count.optional(),
      maximumCartons: count.optional(),
      minimumGrams: count.optional(),
      maximumGrams: count.optional(),
    })
    .default({}),
  carriers: z
    .array(z.strictObject({ scac, service: z.string().min(1).max(60).optional() }))
    .min(1)
    .max(50)
    .meta({ description: 'In order of preference; without a service any of the carrier' }),
  choose: z.enum(['first', 'cheapest', 'fastest']).default('first'),
  otherwise: z.enum(['any', 'none']).default('any').meta({
    description: 'Where none of them offers anything: any other carrier, or none until somebody sees to it',
  }),
});

export const routingGuideRule = ruleKind({
  kind: 'routing-guide',
  title: 'Routing guides',
  about:
    'Which carriers and services shipments go with, by destination, weight and number of cartons. The first route that fits counts; where none fits the cheapest service that arrives in time is taken.',
  scopeIs: 'customer:ID for one customer, or * for everyone who has none of their own.',
  scope: z.string().regex(/^(\*|customer:[\w.-]{1,60})$/, 'is * or customer: and its id'),
  body: z.strictObject({
    honourOrder: z
      .boolean()
      .default(true)
      .meta({ description: 'A carrier that the purchase order names (TD5) comes before the routes' }),
    routes: z.array(route).max(200),
  }),
  example: {
    honourOrder: true,
    routes: [
      {
        name: 'parcels under 30 kg',
        when: { countries: ['US'], maximumGrams: 30_000 },
        carriers: [{ scac: 'UPSN', service: 'GROUND' }, { scac: 'FDEG' }],
        choose: 'cheapest',
        otherwise: 'any',
      },
    ],
  },
});
