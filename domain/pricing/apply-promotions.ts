import { Decimal } from 'decimal.js';
import { formatMinor, lineAmountMinor, percentOfMinor, roundDecimal } from '../shared/money';
import {
  byPrecedence,
  hasLimit,
  isOfOrder,
  type Promotion,
  type PromotionLine,
  type PromotionQuestion,
  whyNotForOrder,
} from './promotion';

export interface AppliedPromotion {
  readonly promotionId: string;
  readonly version: number;
  readonly name: string;
  readonly code: string;
  /** null: of the whole order. */
  readonly lineNumber: number | null;
  /** Of the whole order: the lines that it is taken from. */
  readonly ofLines?: readonly number[];
  /** What it takes off, always above zero. */
  readonly amountMinor: number;
  readonly text: string;
}

export interface RefusedPromotion {
  readonly promotionId: string;
  readonly version: number;
  readonly name: string;
  readonly lineNumber: number | null;
  readonly reason: string;
}

export interface PromotionOutcome {
  readonly applied: readonly AppliedPromotion[];
  readonly refused: readonly RefusedPromotion[];
  /** Refusals that are not told one by one. */
  readonly furtherRefused: number;
}

/** So many refusals are told of an order, and of one of its lines. */
const MOST_REFUSED = 20;
const MOST_REFUSED_OF_LINE = 5;

/** A promotion with the lines it speaks of. */
interface Open {
  readonly promotion: Promotion;
  readonly lines: readonly PromotionLine[];
  /** Of a buy-get: line number -> reduced base units. */
  readonly reduced: ReadonlyMap<number, number> | null;
}

/**
 * What of the promotions an order has. Every one is looked at against the lines as they are priced; on a line the
 * exclusive one that gives most stands against the stackable ones together with the best of those that share, and
 * whatever is better for the buyer is given. Promotions of the whole order follow, on what is left; an exclusive one
 * does without lines that have another. A promotion whose limit does not cover what it would give is not given at all.
 * The order of lines and promotions changes nothing, and no line nor the order falls below zero.
 */
export function applyPromotions(question: PromotionQuestion): PromotionOutcome {
  const refused: RefusedPromotion[] = [];
  const refuse = (one: Promotion, reason: string) => refused.push(refusalOf(one, null, reason));
  const lines = question.lines.toSorted((a, b) => a.lineNumber - b.lineNumber);
  const find = indexLines(lines);
  let open = question.promotions.toSorted(byPrecedence).flatMap((promotion): readonly Open[] => {
    const outcome = openFor(promotion, find, question);
    if (typeof outcome !== 'string') return [outcome];
    refuse(promotion, outcome);
    return [];
  });
  const gifts = new LineGifts(lines, open, question.currency);
  for (;;) {
    const ofOrder = giveOnOrder(lines, open, gifts);
    const beyondOf = ({ promotion }: Open) =>
      whyBeyond(promotion, gifts.takenBy(promotion) + takenOf(ofOrder, promotion), question);
    const beyond = open.find((one) => beyondOf(one) !== null);
    if (beyond === undefined)
      return bounded(
        [...gifts.all().flatMap(({ applied }) => applied), ...ofOrder.applied],
        [...refused, ...gifts.all().flatMap((one) => one.refused), ...ofOrder.refused],
      );
    refuse(beyond.promotion, beyondOf(beyond) ?? '');
    open = open.filter((one) => one !== beyond);
    gifts.drop(beyond);
  }
}

const takenOf = ({ applied }: Chosen, { promotionId }: Promotion): number =>
  applied.reduce((sum, one) => (one.promotionId === promotionId ? sum + one.amountMinor : sum), 0);

function bounded(applied: readonly AppliedPromotion[], all: readonly RefusedPromotion[]): PromotionOutcome {
  const ofLine = new Map<number, number>();
  let ofOrder = 0;
  const refused = all.filter(({ lineNumber }) => {
    if (lineNumber === null) return ++ofOrder <= MOST_REFUSED;
    const count = (ofLine.get(lineNumber) ?? 0) + 1;
    ofLine.set(lineNumber, count);
    return count <= MOST_REFUSED_OF_LINE;
  });
  return { applied, refused, furtherRefused: all.length - refused.length };
}

type FindLines = (promotion: Promotion) => readonly PromotionLine[];

/** Lines by item, class and price group, so that a promotion costs what it has lines, not what the order has. */
function indexLines(lines: readonly PromotionLine[]): FindLines {
  const byItem = Map.groupBy(lines, (line) => line.itemId);
  const byClass = Map.groupBy(lines, (line) => line.itemClass);
  const byGroup = Map.groupBy(lines, (line) => line.priceGroup);
  return ({ items, itemClasses, priceGroups }) => {
    if (items === undefined && itemClasses === undefined && priceGroups === undefined) return lines;
    const found = new Set<PromotionLine>();
    for (const item of items ?? []) for (const line of byItem.get(item) ?? []) found.add(line);
    for (const name of itemClasses ?? []) for (const line of byClass.get(name) ?? []) found.add(line);
    for (const name of priceGroups ?? []) for (const line of byGroup.get(name) ?? []) found.add(line);
    return [...found].sort((a, b) => a.lineNumber - b.lineNumber);
  };
}

/** The promotion with its lines, or why the order does not have it. */
function openFor(promotion: Promotion, find: FindLines, question: PromotionQuestion): Open | string {
  const why = whyNotForOrder(promotion, question);
  if (why !== null) return why;
  const lines = find(promotion);
  if (lines.length === 0) return 'none of its items is on the order';
  const { minimumQuantity, minimumAmountMinor, benefit } = promotion;
  const units = lines.reduce((sum, line) => sum + line.baseUnits, 0);
  if (minimumQuantity !== null && units < minimumQuantity)
    return `begins at ${minimumQuantity} base units of its items; the order has ${units}`;
  const minor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  if (minimumAmountMinor !== null && minor < minimumAmountMinor)
    return `begins at ${formatMinor(minimumAmountMinor, question.currency)} ${question.currency} of its items; the order has ${formatMinor(minor, question.currency)}`;
  const left = question.available.get(promotion.promotionId);
  if (hasLimit(promotion) && left?.uses !== undefined && left.uses !== null && left.uses < 1)
    return 'has been used as often as it may be';
  if (benefit.kind !== 'buy-get') return { promotion, lines, reduced: null };
  const cheaper =
    benefit.getItems === null
      ? lines
      : question.lines.filter((line) => benefit.getItems?.includes(line.itemId));
  const reduced = reducedUnits(units, cheaper, benefit);
  if (reduced.size === 0)
    return `begins at ${benefit.buy} bought for ${benefit.get} reduced; the order has ${units}`;
  return { promotion, lines: cheaper.filter((line) => reduced.has(line.lineNumber)), reduced };
}

/** Which base units of which lines are reduced: the cheapest, and of equal ones those of the earlier line. */
function reducedUnits(
  units: number,
  cheaper: readonly PromotionLine[],
  {
    buy,
    get,
    getItems,
  }: { readonly buy: number; readonly get: number; readonly getItems: readonly string[] | null },
): ReadonlyMap<number, number> {
  const bundle = buy + get;
  let left =
    getItems === null
      ? Math.floor(units / bundle) * get + Math.max(0, (units % bundle) - buy)
      : Math.floor(units / buy) * get;
  const priceOf = (line: PromotionLine) => new Decimal(line.amountMinor).dividedBy(line.baseUnits);
  const sorted = cheaper
    .filter((line) => line.baseUnits > 0)
    .map((line) => ({ line, price: priceOf(line) }))
    .sort((a, b) => a.price.comparedTo(b.price) || a.line.lineNumber - b.line.lineNumber);
  const reduced = new Map<number, number>();
  for (const { line } of sorted) {
    if (left === 0) break;
    const units = Math.min(left, line.baseUnits);
    reduced.set(line.lineNumber, units);
    left -= units;
  }
  return reduced;
}

/** Why a promotion's limit does not cover what it would give; null where it does. */
function whyBeyond(
  promotion: Promotion,
  wanted: number,
  { available, currency }: PromotionQuestion,
): string | null {
  const left = available.get(promotion.promotionId)?.minor;
  if (left === undefined || left === null) return null;
  return wanted <= left
    ? null
    : `its budget has ${formatMinor(left, currency)} ${currency} left, this order would take ${formatMinor(wanted, currency)}`;
}

/** What each line is given. Where a promotion falls away only its own lines are looked at again. */
class LineGifts {
  readonly #lines: ReadonlyMap<number, PromotionLine>;
  readonly #currency: string;
  readonly #ofLine = new Map<number, Open[]>();
  readonly #chosen = new Map<number, Chosen>();
  readonly #taken = new Map<string, number>();

  constructor(lines: readonly PromotionLine[], open: readonly Open[], currency: string) {
    this.#lines = new Map(lines.map((line) => [line.lineNumber, line]));
    this.#currency = currency;
    for (const one of open) {
      if (isOfOrder(one.promotion)) continue;
      for (const { lineNumber } of one.lines) {
        const there = this.#ofLine.get(lineNumber);
        if (there) there.push(one);
        else this.#ofLine.set(lineNumber, [one]);
      }
    }
    for (const line of lines) this.#choose(line);
  }

  of(lineNumber: number): Chosen | undefined {
    return this.#chosen.get(lineNumber);
  }

  /** In the order of the lines. */
  all(): readonly Chosen[] {
    return [...this.#chosen.values()];
  }

  takenBy({ promotionId }: Promotion): number {
    return this.#taken.get(promotionId) ?? 0;
  }

  drop(one: Open): void {
    if (isOfOrder(one.promotion)) return;
    for (const { lineNumber } of one.lines) {
      const line = this.#lines.get(lineNumber);
      const others = this.#ofLine.get(lineNumber)?.filter((other) => other !== one) ?? [];
      this.#ofLine.set(lineNumber, others);
      if (line) this.#choose(line);
    }
  }

  #choose(line: PromotionLine): void {
    this.#count(this.#chosen.get(line.lineNumber), -1);
    const all = this.#ofLine.get(line.lineNumber) ?? [];
    const worthOf = (one: Open, left: number) => benefitOnLine(one, line, left, this.#currency);
    const chosen = all.length === 0 ? nothing : choose(all, line.amountMinor, worthOf, line.lineNumber);
    this.#chosen.set(line.lineNumber, chosen);
    this.#count(chosen, 1);
  }

  #count(chosen: Chosen | undefined, times: 1 | -1): void {
    for (const { promotionId, amountMinor } of chosen?.applied ?? [])
      this.#taken.set(promotionId, (this.#taken.get(promotionId) ?? 0) + times * amountMinor);
  }
}

/** Promotions of the whole order, on what the lines have left. */
function giveOnOrder(lines: readonly PromotionLine[], open: readonly Open[], gifts: LineGifts): Chosen {
  const ofOrder = open.filter(({ promotion }) => isOfOrder(promotion));
  if (ofOrder.length === 0) return nothing;
  const netOf = (line: PromotionLine) => line.amountMinor - (gifts.of(line.lineNumber)?.takenMinor ?? 0);
  const counted = ({ promotion, lines: own }: Open) =>
    own.filter((line) => {
      const given = gifts.of(line.lineNumber);
      const has = given !== undefined && given.applied.length > 0;
      return promotion.stacking === 'exclusive' ? !has : !(has && given.exclusive);
    });
  const of = new Map(ofOrder.map((one) => [one.promotion.promotionId, counted(one)]));
  const bases = new Map([...of].map(([id, own]) => [id, sumOf(own, netOf)]));
  const worthOf = ({ promotion }: Open, remaining: number) =>
    benefitOnOrder(promotion, Math.min(bases.get(promotion.promotionId) ?? 0, remaining));
  const chosen = choose(ofOrder, sumOf(lines, netOf), worthOf, null);
  const withLines = (one: AppliedPromotion) => ({
    ...one,
    ofLines: (of.get(one.promotionId) ?? []).map(({ lineNumber }) => lineNumber),
  });
  return { ...chosen, applied: chosen.applied.map(withLines) };
}

const sumOf = (lines: readonly PromotionLine[], amountOf: (line: PromotionLine) => number) =>
  lines.reduce((sum, line) => sum + amountOf(line), 0);

interface Chosen {
  readonly applied: readonly AppliedPromotion[];
  readonly refused: readonly RefusedPromotion[];
  readonly takenMinor: number;
  readonly exclusive: boolean;
}

const nothing: Chosen = { applied: [], refused: [], takenMinor: 0, exclusive: false };

interface Worth {
  readonly one: Open;
  readonly minor: number;
}

/** @param worthOf what a promotion takes off, with so much left */
function choose(
  all: readonly Open[],
  amountMinor: number,
  worthOf: (one: Open, leftMinor: number) => number,
  lineNumber: number | null,
): Chosen {
  if (amountMinor <= 0) {
    const refused = all.map(({ promotion }) =>
      refusalOf(promotion, lineNumber, 'nothing is left to take off'),
    );
    return { applied: [], refused, takenMinor: 0, exclusive: false };
  }
  // Given in order of precedence, so that the first of equals is the one with the lowest.
  const most = (stacking: Promotion['stacking']) =>
    all
      .filter(({ promotion }) => promotion.stacking === stacking)
      .map((one): Worth => ({ one, minor: worthOf(one, amountMinor) }))
      .reduce<Worth | null>((best, next) => (best === null || next.minor > best.minor ? next : best), null);
  const alone = most('exclusive');
  const best = most('best-of');
  const together: Worth[] = [];
  let left = amountMinor;
  for (const one of all) {
    if (one.promotion.stacking !== 'stackable' && one !== best?.one) continue;
    const minor = worthOf(one, left);
    left -= minor;
    together.push({ one, minor });
  }
  const exclusive = alone !== null && alone.minor > amountMinor - left;
  const given = (exclusive ? [alone] : together).filter(({ minor }) => minor > 0);
  const takenMinor = given.reduce((sum, { minor }) => sum + minor, 0);
  const names = given.map(({ one }) => one.promotion.promotionId).join(', ');
  return {
    applied: given.map(({ one: { promotion }, minor }) => ({
      promotionId: promotion.promotionId,
      version: promotion.version,
      name: promotion.name,
      code: promotion.code,
      lineNumber,
      amountMinor: minor,
      text: benefitWords(promotion),
    })),
    refused: all
      .filter((one) => !given.some((won) => won.one === one))
      .map(({ promotion }) => refusalOf(promotion, lineNumber, whyNotGiven(promotion, exclusive, names))),
    takenMinor,
    exclusive,
  };
}

const refusalOf = (
  { promotionId, version, name }: Promotion,
  lineNumber: number | null,
  reason: string,
): RefusedPromotion => ({ promotionId, version, name, lineNumber, reason });

function whyNotGiven(promotion: Promotion, exclusive: boolean, names: string): string {
  if (names === '') return 'takes nothing off';
  if (exclusive) return `${names} gives more, and is given alone`;
  if (promotion.stacking === 'exclusive') return `is given alone only, and ${names} gives as much or more`;
  if (promotion.stacking === 'best-of') return `${names} gives as much or more`;
  return 'takes nothing off';
}

function benefitOnLine(
  { promotion, reduced }: Open,
  line: PromotionLine,
  left: number,
  currency: string,
): number {
  const { benefit } = promotion;
  switch (benefit.kind) {
    case 'percent':
      return Math.min(left, percentOfMinor(left, benefit.percent));
    case 'amount':
      return Math.min(
        left,
        benefit.per === 'unit' ? benefit.amountMinor * line.baseUnits : benefit.amountMinor,
      );
    case 'fixed-price': {
      const fixed = lineAmountMinor(String(line.baseUnits), benefit.unitPrice, currency);
      return Math.max(0, left - fixed);
    }
    case 'buy-get': {
      const units = reduced?.get(line.lineNumber) ?? 0;
      const off = new Decimal(left)
        .times(units)
        .times(benefit.percent)
        .dividedBy(line.baseUnits)
        .dividedBy(100);
      return Math.min(left, Number(roundDecimal(off.toFixed(12), 0)));
    }
  }
}

function benefitOnOrder({ benefit }: Promotion, base: number): number {
  if (benefit.kind === 'percent') return Math.min(base, percentOfMinor(base, benefit.percent));
  return benefit.kind === 'amount' ? Math.min(base, benefit.amountMinor) : 0;
}

function benefitWords({ benefit, currency = '' }: Promotion): string {
  switch (benefit.kind) {
    case 'percent':
      return `${benefit.percent} percent off${benefit.of === 'order' ? ' the order' : ''}`;
    case 'amount':
      return `${formatMinor(benefit.amountMinor, currency)} ${currency} off a${benefit.per === 'order' ? 'n order' : ` ${benefit.per}`}`;
    case 'fixed-price':
      return `${benefit.unitPrice} ${currency} a unit`;
    case 'buy-get':
      return `${benefit.get} of ${benefit.getItems === null ? benefit.buy + benefit.get : `${benefit.getItems.join(', ')} for ${benefit.buy} bought`} ${benefit.percent === '100' ? 'free' : `${benefit.percent} percent off`}`;
  }
}
