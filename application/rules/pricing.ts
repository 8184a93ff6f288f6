import type { z } from 'zod';
import type { MarginFloor, OverrideAuthority } from '../../domain/pricing/override-price';
import type { Promotion } from '../../domain/pricing/promotion';
import type { ExchangeRate } from '../../domain/pricing/resolve-price';
import { exchangeRatePair, exchangeRateRule } from './exchange-rate';
import { marginFloorRule } from './margin-floor';
import { priceOverrideRule } from './price-override';
import { promotionRule } from './promotion';

/** A rule as the record keeps it: the version in force of one scope. */
export interface StoredRule {
  readonly kind: string;
  readonly scope: string;
  readonly version: number;
  readonly body: unknown;
}

/** Rules of one version never change: each is read once in the life of a process, and the oldest are forgotten. */
const parsed = new Map<string, unknown>();
export function parseOnce<T>({ kind, scope, version, body }: StoredRule, schema: z.ZodType<T>): T {
  const key = `${kind}\u0000${scope}\u0000${version}\u0000${JSON.stringify(body)}`;
  const known = parsed.get(key);
  if (known !== undefined) return known as T;
  const value = schema.parse(body);
  if (parsed.size >= 5_000) parsed.delete(parsed.keys().next().value as string);
  parsed.set(key, value);
  return value;
}

export function promotionsOf(rules: readonly StoredRule[]): readonly Promotion[] {
  return rules
    .filter(({ kind }) => kind === 'promotion')
    .map((rule) => ({
      ...parseOnce(rule, promotionRule.body),
      promotionId: rule.scope,
      version: rule.version,
    }));
}

export function exchangeRatesOf(rules: readonly StoredRule[]): readonly ExchangeRate[] {
  return rules.flatMap((rule) => {
    const pair = rule.kind === 'exchange-rate' ? exchangeRatePair.exec(rule.scope) : null;
    const [, from, to] = pair ?? [];
    if (from === undefined || to === undefined) return [];
    return [{ ...parseOnce(rule, exchangeRateRule.body), from, to, version: rule.version }];
  });
}

export function overrideAuthoritiesOf(rules: readonly StoredRule[]): readonly OverrideAuthority[] {
  return rules
    .filter(({ kind }) => kind === 'price-override')
    .map((rule) => ({ ...parseOnce(rule, priceOverrideRule.body), role: rule.scope, version: rule.version }));
}

/** The floor that holds for an item; null where none does. */
export function marginFloorOf(
  rules: readonly StoredRule[],
  item: { readonly itemId: string; readonly itemClass: string | null },
): MarginFloor | null {
  const floors = rules.filter(({ kind }) => kind === 'margin-floor');
  const scopes = [
    `item:${item.itemId}`,
    ...(item.itemClass === null ? [] : [`class:${item.itemClass}`]),
    '*',
  ];
  const rule = scopes
    .map((scope) => floors.find((one) => one.scope === scope))
    .find((one) => one !== undefined);
  return rule === undefined
    ? null
    : { ...parseOnce(rule, marginFloorRule.body), scope: rule.scope, version: rule.version };
}
