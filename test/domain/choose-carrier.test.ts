import { chooseCarrier, findRoute, type Quote, type Route } from '../../domain/fulfilment/choose-carrier';

const quote = (scac: string, service: string, amountMinor: number, transitDays: number): Quote => ({
  carrier: scac,
  scac,
  service,
  amountMinor,
  currency: 'USD',
  transitDays,
  estimatedDelivery: `2026-03-${String(2 + transitDays).padStart(2, '0')}`,
});
const offers = [
  quote('UPSN', 'GROUND', 900, 4),
  quote('UPSN', 'NEXTDAY', 4_000, 1),
  quote('FDEG', 'GROUND', 850, 5),
  quote('SAIA', 'LTL', 700, 6),
];
const route = (more: Partial<Route> = {}): Route => ({
  name: 'parcels',
  when: {},
  carriers: [{ scac: 'UPSN' }, { scac: 'FDEG', service: 'GROUND' }],
  choose: 'first',
  otherwise: 'any',
  ...more,
});
const choose = (by: Route | null, deliverBy?: string, silent: readonly string[] = []) => {
  const routing = by && { source: 'customer:ACME v3', route: by };
  const choice = chooseCarrier(offers, deliverBy, routing, silent);
  return choice.kind === 'chosen' ? [choice.quote.scac, choice.quote.service, choice.reason] : choice.reason;
};

test('without a routing guide the cheapest in time is taken, and the fastest where none is in time', () => {
  expect(choose(null)).toEqual(['SAIA', 'LTL', 'cheapest of 4 offers']);
  expect(choose(null, '2026-03-06')).toEqual([
    'UPSN',
    'GROUND',
    'cheapest that arrives by 2026-03-06 of 4 offers',
  ]);
  expect(choose(null, '2026-03-01')).toEqual([
    'UPSN',
    'NEXTDAY',
    'fastest, as none arrives by 2026-03-01, of 4 offers',
  ]);
});

test('a routing guide names the carriers; among them the first that offers, the cheapest or the fastest', () => {
  const by = 'by route "parcels" of customer:ACME v3';
  expect(choose(route())).toEqual(['UPSN', 'GROUND', `${by}: cheapest of 4 offers`]);
  expect(choose(route({ choose: 'cheapest' }))).toEqual(['FDEG', 'GROUND', `${by}: cheapest of 4 offers`]);
  expect(choose(route({ choose: 'fastest' }))).toEqual(['UPSN', 'NEXTDAY', `${by}: fastest of 4 offers`]);
  expect(choose(route({ choose: 'cheapest' }), '2026-03-06')).toEqual([
    'UPSN',
    'GROUND',
    `${by}: cheapest that arrives by 2026-03-06 of 4 offers`,
  ]);
});

test('where no carrier of the guide offers anything, another one goes only if the guide allows it', () => {
  const elsewhere = { carriers: [{ scac: 'ODFL', service: 'LTL' }] };
  const why = 'by route "parcels" of customer:ACME v3: none of ODFL LTL offers anything';
  expect(choose(route(elsewhere), undefined, ['ODFL'])).toEqual([
    'SAIA',
    'LTL',
    `${why}; cheapest of 4 offers; no answer from ODFL`,
  ]);
  expect(choose(route({ ...elsewhere, otherwise: 'none' }))).toBe(why);
});

test('the first route whose conditions all hold is the shipment’s', () => {
  const facts = {
    nodeId: 'EAST',
    country: 'CA',
    region: 'ON',
    postalCode: 'k1a 0b1',
    cartons: 3,
    grams: 40_000,
  };
  const routes = [
    route({ name: 'light', when: { maximumGrams: 39_999 } }),
    route({ name: 'west', when: { nodes: ['WEST'] } }),
    route({ name: 'ottawa', when: { countries: ['CA'], postalPrefixes: ['K1'], minimumCartons: 3 } }),
    route({ name: 'rest' }),
  ];
  expect(findRoute(routes, facts)?.name).toBe('ottawa');
  expect(findRoute(routes, { ...facts, cartons: 2 })?.name).toBe('rest');
  expect(findRoute(routes.slice(0, 2), facts)).toBeNull();
});

test('the order in which offers come in does not matter', () => {
  const reversed = chooseCarrier(offers.toReversed(), undefined, null);
  expect(reversed).toMatchObject({ quote: { scac: 'SAIA' } });
  const same = [quote('B', 'X', 1, 1), quote('A', 'Y', 1, 1), quote('A', 'X', 1, 1)];
  for (const order of [same, same.toReversed()])
    expect(chooseCarrier(order, undefined, null)).toMatchObject({ quote: { scac: 'A', service: 'X' } });
});
