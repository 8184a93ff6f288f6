import { Decimal } from 'decimal.js';
import type { LocalDate } from '../shared/dates';
import { type Currency, roundDecimal, type UnitPrice } from '../shared/money';
import type { UnitFactors } from '../shared/quantity';

/** What a tier's quantity is counted over: the line, or all lines of the order of its item or of its price group. */
export const tierScopes = ['line', 'item', 'group'] as const;

export type TierOver = (typeof tierScopes)[number];

/** Calendar periods over which a volume is cumulated. */
export const tierPeriods = ['month', 'quarter', 'year'] as const;

export type TierPeriod = (typeof tierPeriods)[number];

/** What a contract asks for before its prices hold. */
export interface PriceContract {
  readonly contractId: string;
  readonly name: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  /** Base units of all the contract's items in one order; null asks for nothing. */
  readonly minimumOrderQuantity: number | null;
}

/** One row of a price list or of what was agreed with a customer. */
export interface PriceRow {
  readonly priceId: string;
  readonly source: 'contract' | 'list';
  readonly listId: string | null;
  /** The unit that the price is for. */
  readonly unit: string;
  /** Tier: from this quantity (in `unit`) on. */
  readonly minimumQuantity: string;
  readonly unitPrice: UnitPrice;
  /** Absent: that of the order. */
  readonly currency?: Currency;
  /** Absent: the line's own quantity. */
  readonly tierOver?: TierOver;
  /** With it the customer's earlier orders of the period count. */
  readonly tierPeriod?: TierPeriod | null;
  readonly contract?: PriceContract | null;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly version: number;
}

/** A rate that somebody stated: one unit of `from` is `rate` of `to`. It is never turned round. */
export interface ExchangeRate {
  readonly from: Currency;
  readonly to: Currency;
  /** Decimal. */
  readonly rate: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  /** Who says so: a bank, the ERP. */
  readonly source: string;
  readonly version: number;
}

/** Base units of the order as the tiers of one line count them. */
export interface Volumes {
  readonly item: number;
  readonly group: number;
  /** What the customer ordered before in the period of the order's date: "item/month", "group/year". */
  readonly before: Readonly<Partial<Record<`${'item' | 'group'}/${TierPeriod}`, number>>>;
  /** Contract id -> base units of its items on this order. */
  readonly contracts: ReadonlyMap<string, number>;
}

export interface PriceQuestion {
  readonly quantity: string;
  readonly unit: string;
  readonly factors: UnitFactors;
  /** Decides which prices are valid. */
  readonly date: LocalDate;
  /** What the purchase order is dated. */
  readonly stated?: LocalDate;
  /** Of the order. */
  readonly currency?: Currency;
  /** Absent: the line stands alone. */
  readonly volumes?: Volumes;
  readonly rates?: readonly ExchangeRate[];
}

/** A price that was looked at, and why it was not taken; null for the one that was. */
export interface PriceCandidate {
  readonly priceId: string;
  /** "contract C-1", "list WHOLESALE". */
  readonly from: string;
  readonly unitPrice: UnitPrice;
  readonly unit: string;
  readonly currency?: Currency;
  readonly tierFrom: string;
  readonly tierOver: TierOver;
  readonly tierPeriod: TierPeriod | null;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly version: number;
  readonly lost: string | null;
}

/** What every resolution tells of how it came about; of many candidates the best placed. */
interface Considered {
  readonly explanation: string;
  readonly candidates: readonly PriceCandidate[];
  /** Candidates that are not told one by one. */
  readonly furtherCandidates: number;
}

export interface PriceConversion {
  readonly from: Currency;
  readonly unitPrice: UnitPrice;
  readonly rate: string;
  readonly rateValidFrom: LocalDate;
  readonly source: string;
  readonly version: number;
}

export type PriceResolution =
  | ({
      readonly kind: 'priced';
      /** Per ordered unit, in the order's currency. */
      readonly unitPrice: UnitPrice;
      readonly priceId: string;
      readonly source: 'contract' | 'list';
      readonly listId: string | null;
      readonly contractId: string | null;
      readonly version: number;
      readonly tierFrom: string;
      readonly tierOver: TierOver;
      /** Where the price was in another currency: at which rate it became this one. */
      readonly conversion: PriceConversion | null;
    } & Considered)
  | ({ readonly kind: 'no-price' } & Considered)
  /** The price's unit converts to the ordered one only with a rounding: nobody agreed to that price. */
  | ({ readonly kind: 'not-exact' } & Considered);

/** So many candidates are kept with a line: an order of 10,000 lines is to stay readable, and storable. */
const MOST_CANDIDATES = 8;

/** A row as one question sees it. */
interface Weighed {
  readonly row: PriceRow;
  /** Where the tier begins, in millionths of base units: exact, and cheap to compare. */
  readonly tier: bigint;
  readonly rate: ExchangeRate | null;
  readonly lost: string | null;
}

/**
 * What was agreed with the customer beats the list; a price in the order's currency beats a converted one; then the
 * highest tier reached wins, then the latest start, then the lower id, so that the same rows in any order give the same
 * price.
 */
export function resolvePrice(rows: readonly PriceRow[], question: PriceQuestion): PriceResolution {
  const ordered = question.factors[question.unit];
  if (ordered === undefined) {
    const explanation = `unit ${question.unit} is not known for this item`;
    return { kind: 'no-price', explanation, candidates: [], furtherCandidates: rows.length };
  }
  const lineUnits = millionths(question.quantity) * BigInt(ordered);
  const weighed = rows.map((row) => weigh(row, lineUnits, question)).toSorted(byPrecedence);
  const best = weighed.find(({ lost }) => lost === null);
  const told = (explanation: string): Considered => ({
    explanation: explanation + asOf(question),
    candidates: weighed.slice(0, MOST_CANDIDATES).map((one) => candidateOf(one, best, question.currency)),
    furtherCandidates: Math.max(0, weighed.length - MOST_CANDIDATES),
  });
  if (!best) {
    return {
      kind: 'no-price',
      ...told(
        `none of ${rows.length} prices is valid on ${question.date} for ${question.quantity} ${question.unit}${weighed.length === 1 ? `: ${weighed[0]?.lost ?? ''}` : ''}`,
      ),
    };
  }
  const { row, rate } = best;
  const unitPrice = pricePer(ordered, best, question);
  if (unitPrice === null) {
    return {
      kind: 'not-exact',
      ...told(
        `${trim(row.unitPrice)} per ${row.unit} of ${originOf(row)} does not convert exactly to a price per ${question.unit}`,
      ),
    };
  }
  return {
    kind: 'priced',
    unitPrice,
    priceId: row.priceId,
    source: row.source,
    listId: row.listId,
    contractId: row.contract?.contractId ?? null,
    version: row.version,
    tierFrom: trim(row.minimumQuantity),
    tierOver: row.tierOver ?? 'line',
    conversion: rate && {
      from: rate.from,
      unitPrice: trim(row.unitPrice),
      rate: rate.rate,
      rateValidFrom: rate.validFrom,
      source: rate.source,
      version: rate.version,
    },
    ...told(explain(best, unitPrice, question)),
  };
}

/** Where another day counts than the purchase order's. */
const asOf = ({ date, stated = date }: PriceQuestion) =>
  stated === date ? '' : `, as of ${date}; the purchase order is dated ${stated}`;

/** The winner's price for an ordered unit of so many base units, in the order's currency; null where it is not exact. */
function pricePer(ordered: number, { row, rate }: Weighed, { factors }: PriceQuestion): UnitPrice | null {
  const own = factors[row.unit] ?? 1;
  if (rate === null && ordered === own && /^(0|[1-9]\d*)(\.\d{1,6})?$/.test(row.unitPrice))
    return trim(row.unitPrice);
  const inOwn = new Decimal(row.unitPrice).times(ordered).dividedBy(own);
  const exact = rate === null ? inOwn : new Decimal(roundDecimal(inOwn.times(rate.rate).toFixed(), 6));
  return exact.decimalPlaces() > 6 ? null : exact.toFixed();
}

function weigh(row: PriceRow, lineUnits: bigint, question: PriceQuestion): Weighed {
  const factor = question.factors[row.unit];
  const tier = factor === undefined ? 0n : tierOf(row) * BigInt(factor);
  const rate = rateFor(row, question);
  return { row, tier, rate: rate ?? null, lost: whyLost(row, tier, rate, lineUnits, question) };
}

/** null: the price is in the order's currency; undefined: no rate is stated. */
function rateFor(
  row: PriceRow,
  { currency, rates = [], date }: PriceQuestion,
): ExchangeRate | null | undefined {
  if (row.currency === undefined || currency === undefined || row.currency === currency) return null;
  return rates
    .filter((one) => one.from === row.currency && one.to === currency && isValidOn(one, date))
    .toSorted((a, b) =>
      a.validFrom === b.validFrom ? b.version - a.version : a.validFrom > b.validFrom ? -1 : 1,
    )[0];
}

const isValidOn = (
  one: { readonly validFrom: LocalDate; readonly validTo: LocalDate | null },
  date: LocalDate,
) => one.validFrom <= date && (one.validTo === null || date <= one.validTo);

/** Why a price cannot be this line's, in words; null where it can. */
function whyLost(
  row: PriceRow,
  tier: bigint,
  rate: ExchangeRate | null | undefined,
  lineUnits: bigint,
  question: PriceQuestion,
): string | null {
  const { date, factors, unit } = question;
  if (row.validFrom > date) return `begins on ${row.validFrom}`;
  if (row.validTo !== null && row.validTo < date) return `ended on ${row.validTo}`;
  const { contract } = row;
  if (contract && !isValidOn(contract, date))
    return `contract ${contract.contractId} is not in force on ${date}`;
  if (factors[row.unit] === undefined) return `is per ${row.unit}, which the item is not sold in`;
  if (rate === undefined)
    return `is in ${row.currency ?? ''}, and no rate to ${question.currency ?? ''} is stated for ${date}`;
  const asked = contract?.minimumOrderQuantity ?? null;
  if (contract && asked !== null) {
    const onOrder = question.volumes?.contracts.get(contract.contractId) ?? Number(lineUnits / MILLION);
    if (onOrder < asked)
      return `contract ${contract.contractId} asks for at least ${asked} base units an order, this one has ${onOrder}`;
  }
  const reached = reachOf(row, lineUnits, question);
  if (reached >= tier) return null;
  const per = BigInt(factors[row.unit] ?? factors[unit] ?? 1);
  const counted =
    reached % (MILLION * per) === 0n
      ? String(reached / (MILLION * per))
      : new Decimal(String(reached))
          .dividedBy(1e6 * Number(per))
          .toDecimalPlaces(6)
          .toFixed();
  return `begins at ${trim(row.minimumQuantity)} ${row.unit}${overWords(row)}; there are ${counted}`;
}

function reachOf(row: PriceRow, lineUnits: bigint, { volumes }: PriceQuestion): bigint {
  const over = row.tierOver ?? 'line';
  if (over === 'line' || volumes === undefined) return lineUnits;
  const period = row.tierPeriod ?? null;
  const before = period === null ? 0 : (volumes.before[`${over}/${period}`] ?? 0);
  return BigInt(volumes[over] + before) * MILLION;
}

function overWords({ tierOver = 'line', tierPeriod = null }: PriceRow): string {
  if (tierOver === 'line') return '';
  const over =
    tierOver === 'item' ? "over the order's lines of the item" : "over the order's lines of its price group";
  return ` ${over}${tierPeriod === null ? '' : ` and what was ordered earlier in the ${tierPeriod}`}`;
}

function byPrecedence(a: Weighed, b: Weighed): number {
  // Those that can be the price come first, so that of many candidates the kept ones tell most.
  if ((a.lost === null) !== (b.lost === null)) return a.lost === null ? -1 : 1;
  if (a.row.source !== b.row.source) return a.row.source === 'contract' ? -1 : 1;
  if ((a.rate === null) !== (b.rate === null)) return a.rate === null ? -1 : 1;
  if (a.tier !== b.tier) return a.tier > b.tier ? -1 : 1;
  if (a.row.validFrom !== b.row.validFrom) return a.row.validFrom > b.row.validFrom ? -1 : 1;
  return a.row.priceId < b.row.priceId ? -1 : 1;
}

/** In which point the winner comes before a price that would have done as well. */
function whyBeaten(loser: Weighed, winner: Weighed): string {
  if (loser.row.source !== winner.row.source)
    return 'what was agreed with the customer comes before the list';
  if ((loser.rate === null) !== (winner.rate === null))
    return "a price in the order's own currency comes before a converted one";
  if (loser.tier !== winner.tier)
    return `the tier from ${trim(winner.row.minimumQuantity)} ${winner.row.unit} is reached`;
  if (loser.row.validFrom !== winner.row.validFrom) return `replaced from ${winner.row.validFrom} on`;
  return `the same in every point as ${winner.row.priceId}, which comes first`;
}

function candidateOf(
  one: Weighed,
  best: Weighed | undefined,
  currency: Currency | undefined,
): PriceCandidate {
  const { row } = one;
  return {
    priceId: row.priceId,
    from:
      row.source === 'contract'
        ? row.contract
          ? `contract ${row.contract.contractId}`
          : 'contract'
        : `list ${row.listId ?? ''}`,
    unitPrice: trim(row.unitPrice),
    unit: row.unit,
    ...(row.currency !== undefined && row.currency !== currency && { currency: row.currency }),
    tierFrom: trim(row.minimumQuantity),
    tierOver: row.tierOver ?? 'line',
    tierPeriod: row.tierPeriod ?? null,
    validFrom: row.validFrom,
    validTo: row.validTo,
    version: row.version,
    lost: one === best ? null : (one.lost ?? (best ? whyBeaten(one, best) : null)),
  };
}

const originOf = (row: PriceRow) =>
  row.source === 'contract'
    ? row.contract
      ? `contract ${row.contract.contractId}`
      : 'the customer contract'
    : `price list ${row.listId ?? ''}`;

function explain({ row, rate }: Weighed, price: UnitPrice, { unit, currency }: PriceQuestion): string {
  const tier = `tier from ${trim(row.minimumQuantity)} ${row.unit}${overWords(row)}, valid from ${row.validFrom}${row.validTo ? ` to ${row.validTo}` : ''}`;
  const converted =
    rate === null
      ? ''
      : `, ${trim(row.unitPrice)} ${rate.from} per ${row.unit} at ${rate.rate} ${currency ?? ''} (${rate.source}, ${rate.validFrom})`;
  return `${price} per ${unit} from ${originOf(row)} (${tier}${converted})`;
}

const MILLION = 1_000_000n;

/** A decimal of up to six places as so many millionths. */
function millionths(text: string): bigint {
  const [whole = '0', places = ''] = text.split('.');
  return BigInt(whole) * MILLION + BigInt(places.padEnd(6, '0').slice(0, 6));
}

/** Rows are shared by all lines of an item: each is read once. */
const tiers = new WeakMap<PriceRow, bigint>();

function tierOf(row: PriceRow): bigint {
  const known = tiers.get(row);
  if (known !== undefined) return known;
  const tier = millionths(row.minimumQuantity);
  tiers.set(row, tier);
  return tier;
}

/** "10.500000" as "10.5": how the record writes a decimal is not how people read it. */
const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
