import type { z } from 'zod';
import type { ProductId } from '../../domain/order/order-request';
import type { ItemFacts } from '../order/resolve-lines';
import { bundleRule } from '../rules/bundle';
import { parseOnce, type StoredRule } from '../rules/pricing';
import { substitutionRule } from '../rules/substitution';
import { supersessionRule } from '../rules/supersession';
import { supplyAgreementRule } from '../rules/supply-agreement';
import { scopesOf } from '../rules/whose';

type Body<Rule extends { readonly body: z.ZodType }> = z.infer<Rule['body']>;
export type Bundle = Body<typeof bundleRule> & { readonly version: number };
type Agreement = Body<typeof supplyAgreementRule>;

/** An item that may be supplied instead of another, and by which rule. */
export interface StandIn {
  readonly itemId: string;
  readonly ratio: number;
  readonly price: 'ordered' | 'supplied' | 'lower';
  readonly because: 'short' | 'superseded';
  readonly rule: string;
  readonly version: number;
  readonly cover: 'whole-line' | 'short-part';
  readonly documents: 'supplied' | 'ordered';
  readonly maximumIncreasePercent: string;
}

/** Which agreement of a buyer counts, and what it says. */
export interface SupplyAgreement {
  readonly name: string;
  readonly body: Agreement;
}

const relationKinds = ['bundle', 'substitution', 'supersession'] as const;
const LONGEST_CHAIN = 10;

/** What items have to do with each other, as far as the lines of an order need to know it. */
export class ItemRelations {
  readonly agreement: SupplyAgreement | null;
  readonly #rules: ReadonlyMap<string, StoredRule>;
  readonly #idsOf: (itemId: string) => readonly ProductId[];

  constructor(
    rules: readonly StoredRule[],
    buyer: { readonly customerId: string; readonly partnerId: string | null },
    idsOf: (itemId: string) => readonly ProductId[] = () => [],
  ) {
    const related = rules.filter(({ kind }) => (relationKinds as readonly string[]).includes(kind));
    this.#rules = new Map(related.map((rule) => [`${rule.kind}/${rule.scope}`, rule]));
    const agreements = rules.filter(({ kind }) => kind === supplyAgreementRule.kind);
    const rule = scopesOf(buyer.customerId, buyer.partnerId)
      .map((scope) => agreements.find((one) => one.scope === scope))
      .find((one) => one !== undefined);
    this.agreement =
      rule === undefined
        ? null
        : { name: `${rule.scope} ${rule.version}`, body: parseOnce(rule, supplyAgreementRule.body) };
    this.#idsOf = idsOf;
  }

  /** What the item is called: the buyer's own number where there is one, and ours. */
  idsOf(itemId: string): readonly ProductId[] {
    return [...this.#idsOf(itemId), { qualifier: 'VP', value: itemId }];
  }

  /** Items that may have to be supplied for these: their facts and rules are needed as well. */
  related(itemIds: Iterable<string>): readonly string[] {
    if (this.agreement === null) return [];
    return [...itemIds].flatMap((itemId) => [
      ...(this.#rule('bundle', itemId, bundleRule.body)?.components.map(({ item }) => item) ?? []),
      ...(this.#rule('substitution', itemId, substitutionRule.body)?.by.map(({ item }) => item) ?? []),
      ...[this.#rule('supersession', itemId, supersessionRule.body)?.by ?? []].flat(),
    ]);
  }

  /** The bundle that a number is, where the buyer has agreed to have its components. */
  bundleOf(item: Pick<ItemFacts, 'itemId' | 'itemClass'>): Bundle | null {
    const bundle = this.#rule('bundle', item.itemId, bundleRule.body);
    const agreed = this.agreement?.body.bundles;
    return bundle !== undefined && agreed && covers(agreed.of, item) ? bundle : null;
  }

  /** What an old number means on a day: its successor, that of the successor, and so on. */
  successorOf(item: ItemFacts, date: string): Successor {
    const first = this.#superseded(item.itemId, date);
    if (first === undefined) return { kind: 'none' };
    const agreed = this.agreement?.body.supersession;
    if (!agreed || !covers(agreed.of, item))
      return { kind: 'not-agreed', by: first.by, otherwise: this.agreement?.body.superseded ?? 'reject' };
    let ratio = first.ratio;
    let itemId = first.by;
    for (let step = 0; step < LONGEST_CHAIN; step += 1) {
      const next = this.#superseded(itemId, date);
      if (next === undefined) break;
      ratio *= next.ratio;
      itemId = next.by;
    }
    return { kind: 'agreed', standIn: this.#successor(item.itemId, first, agreed, itemId, ratio) };
  }

  /** What may come where an item is short, the first to be tried first. */
  standInsFor(item: ItemFacts): readonly StandIn[] {
    const { supersession, substitution } = this.agreement?.body ?? {};
    const successor = this.#rule('supersession', item.itemId, supersessionRule.body);
    const runsOut =
      successor?.from === 'stock-out' && supersession && covers(supersession.of, item)
        ? [this.#successor(item.itemId, successor, supersession, successor.by, successor.ratio)]
        : [];
    if (!substitution || !covers(substitution.of, item)) return runsOut;
    const substitutes: StandIn[] = [];
    const walk = (itemId: string, ratio: number, price: StandIn['price'] | null): void => {
      const rule = this.#rule('substitution', itemId, substitutionRule.body);
      for (const one of rule?.by ?? []) {
        if (rule === undefined || substitutes.length >= LONGEST_CHAIN) return;
        if (one.item === item.itemId || substitutes.some((known) => known.itemId === one.item)) continue;
        substitutes.push({
          itemId: one.item,
          ratio: ratio * one.ratio,
          // Along a chain the first step says whose price counts.
          price: price ?? one.price,
          because: 'short',
          rule: `substitution/${itemId}`,
          version: rule.version,
          cover: substitution.cover,
          documents: substitution.documents,
          maximumIncreasePercent: substitution.maximumIncreasePercent,
        });
        if (one.chained) walk(one.item, ratio * one.ratio, price ?? one.price);
      }
    };
    walk(item.itemId, 1, null);
    return [...runsOut, ...substitutes];
  }

  #superseded(itemId: string, date: string) {
    const rule = this.#rule('supersession', itemId, supersessionRule.body);
    return rule !== undefined && rule.from !== 'stock-out' && rule.from <= date ? rule : undefined;
  }

  #successor(
    of: string,
    rule: Body<typeof supersessionRule> & { readonly version: number },
    agreed: NonNullable<Agreement['supersession']>,
    itemId: string,
    ratio: number,
  ): StandIn {
    return {
      itemId,
      ratio,
      price: rule.price,
      because: 'superseded',
      rule: `supersession/${of}`,
      version: rule.version,
      cover: 'short-part',
      documents: agreed.documents,
      maximumIncreasePercent: agreed.maximumIncreasePercent,
    };
  }

  #rule<T extends object>(kind: (typeof relationKinds)[number], itemId: string, schema: z.ZodType<T>) {
    const rule = this.#rules.get(`${kind}/${itemId}`);
    return rule === undefined ? undefined : { ...parseOnce(rule, schema), version: rule.version };
  }
}

export type Successor =
  | { readonly kind: 'none' }
  | { readonly kind: 'agreed'; readonly standIn: StandIn }
  | { readonly kind: 'not-agreed'; readonly by: string; readonly otherwise: 'reject' | 'hold' };

const covers = (
  of: 'all' | { readonly items: readonly string[]; readonly classes: readonly string[] },
  item: Pick<ItemFacts, 'itemId' | 'itemClass'>,
): boolean =>
  of === 'all' ||
  of.items.includes(item.itemId) ||
  (item.itemClass !== null && of.classes.includes(item.itemClass));
