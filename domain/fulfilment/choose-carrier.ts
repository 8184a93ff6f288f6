import type { CarrierRate } from './carrier-port';

/** A rate with the day on which it would deliver, YYYY-MM-DD. */
export interface Quote extends CarrierRate {
  readonly estimatedDelivery: string;
}

/** What a shipment is, for the routes that a routing guide has for such. */
export interface ShipmentFacts {
  readonly nodeId: string;
  readonly country: string;
  readonly region: string;
  readonly postalCode: string;
  readonly cartons: number;
  readonly grams: number;
}

/** Whom a kind of shipment goes with. Conditions that are left out hold for all. */
export interface Route {
  readonly name: string;
  readonly when: {
    readonly nodes?: readonly string[] | undefined;
    readonly countries?: readonly string[] | undefined;
    readonly regions?: readonly string[] | undefined;
    readonly postalPrefixes?: readonly string[] | undefined;
    readonly minimumCartons?: number | undefined;
    readonly maximumCartons?: number | undefined;
    readonly minimumGrams?: number | undefined;
    readonly maximumGrams?: number | undefined;
  };
  /** In order of preference; without a service any of the carrier's. */
  readonly carriers: readonly { readonly scac: string; readonly service?: string | undefined }[];
  /** Among those: the first that offers, the cheapest that arrives in time, or the fastest. */
  readonly choose: 'first' | 'cheapest' | 'fastest';
  /** Where none of them offers anything: any other carrier, or none, which somebody has to see to. */
  readonly otherwise: 'any' | 'none';
}

/** The route that was found for a shipment, and where it stands written. */
export interface Routing {
  /** "order" (TD5), or the rule with its version: "customer:ACME v3". */
  readonly source: string;
  readonly route: Route;
}

export function findRoute(routes: readonly Route[], facts: ShipmentFacts): Route | null {
  return routes.find(({ when }) => matches(when, facts)) ?? null;
}

function matches(when: Route['when'], facts: ShipmentFacts): boolean {
  const among = (list: readonly string[] | undefined, value: string) =>
    list === undefined || list.includes(value);
  const code = compact(facts.postalCode);
  return (
    among(when.nodes, facts.nodeId) &&
    among(when.countries, facts.country) &&
    among(when.regions, facts.region) &&
    (when.postalPrefixes === undefined ||
      when.postalPrefixes.some((prefix) => code.startsWith(compact(prefix)))) &&
    facts.cartons >= (when.minimumCartons ?? 0) &&
    facts.cartons <= (when.maximumCartons ?? Number.MAX_SAFE_INTEGER) &&
    facts.grams >= (when.minimumGrams ?? 0) &&
    facts.grams <= (when.maximumGrams ?? Number.MAX_SAFE_INTEGER)
  );
}

const compact = (postalCode: string) => postalCode.replaceAll(/[\s-]/g, '').toUpperCase();

export type CarrierChoice =
  | { readonly kind: 'chosen'; readonly quote: Quote; readonly reason: string }
  /** The routing guide names carriers of which none offers anything, and allows no other. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Chooses among offers: within the routing guide where there is one, else the cheapest service that arrives in time and
 * the fastest when none does. Ties go to the faster one, then to the carrier's code, so that a second try chooses the
 * same and the idempotency key still fits.
 * @param deliverBy latest wished-for day, YYYY-MM-DD
 * @param silent carriers that did not answer
 */
export function chooseCarrier(
  quotes: readonly Quote[],
  deliverBy: string | undefined,
  routing: Routing | null,
  silent: readonly string[] = [],
): CarrierChoice {
  const missing = silent.length > 0 ? `; no answer from ${silent.join(', ')}` : '';
  const offers = `${quotes.length} ${quotes.length === 1 ? 'offer' : 'offers'}`;
  if (routing === null) return chosen(quotes, deliverBy, 'cheapest', '', `of ${offers}${missing}`);
  const { source, route } = routing;
  const by = source === 'order' ? 'as the order asks' : `by route "${route.name}" of ${source}`;
  const ranked = route.carriers.map(({ scac, service }) =>
    quotes.filter((quote) => quote.scac === scac && (service === undefined || quote.service === service)),
  );
  const named = route.choose === 'first' ? (ranked.find((some) => some.length > 0) ?? []) : ranked.flat();
  if (named.length > 0) {
    const how = route.choose === 'fastest' ? 'fastest' : 'cheapest';
    return chosen(unique(named), deliverBy, how, `${by}: `, `of ${offers}${missing}`);
  }
  const wanted = route.carriers
    .map(({ scac, service }) => [scac, service].filter(Boolean).join(' '))
    .join(', ');
  const why = `${by}: none of ${wanted} offers anything`;
  if (route.otherwise === 'none' || quotes.length === 0) return { kind: 'none', reason: `${why}${missing}` };
  return chosen(quotes, deliverBy, 'cheapest', `${why}; `, `of ${offers}${missing}`);
}

const unique = (quotes: readonly Quote[]) => [...new Set(quotes)];

function chosen(
  quotes: readonly Quote[],
  deliverBy: string | undefined,
  how: 'cheapest' | 'fastest',
  before: string,
  after: string,
): CarrierChoice {
  const inTime = quotes.filter((quote) => deliverBy === undefined || quote.estimatedDelivery <= deliverBy);
  const [best] = (how === 'fastest' ? quotes : inTime).toSorted(how === 'fastest' ? bySpeed : byPrice);
  const quote = best ?? quotes.toSorted(bySpeed)[0];
  if (!quote) throw new RangeError('there is no offer to choose from');
  return { kind: 'chosen', quote, reason: `${before}${words(how, deliverBy, best !== undefined)} ${after}` };
}

function words(how: 'cheapest' | 'fastest', deliverBy: string | undefined, inTime: boolean): string {
  if (how === 'fastest' || deliverBy === undefined) return how;
  return inTime ? `cheapest that arrives by ${deliverBy}` : `fastest, as none arrives by ${deliverBy},`;
}

function byPrice(a: Quote, b: Quote): number {
  return a.amountMinor - b.amountMinor || bySpeed(a, b);
}

function bySpeed(a: Quote, b: Quote): number {
  return a.transitDays - b.transitDays || compare(a.scac, b.scac) || compare(a.service, b.service);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
