/** What a shipment of up to so many grams costs. */
export interface FreightBreak {
  /** null: without end; the last one. */
  readonly upToGrams: number | null;
  readonly baseMinor: number;
  readonly perKilogramMinor: number;
}

/**
 * Freight of one shipment in minor units, every kilogram begun counted. A shipment never costs more than a heavier one
 * would (deficit weight: it is rated as the lightest of a cheaper break where that is less), so freight never falls with
 * weight.
 * @param breaks ascending by weight
 */
export function freightMinor(breaks: readonly FreightBreak[], grams: number): number {
  let best = Number.MAX_SAFE_INTEGER;
  let lower = 0;
  for (const { upToGrams, baseMinor, perKilogramMinor } of breaks) {
    if (upToGrams === null || upToGrams >= grams) {
      const rated = Math.max(grams, lower);
      best = Math.min(best, baseMinor + Math.ceil(rated / 1000) * perKilogramMinor);
    }
    if (upToGrams !== null) lower = upToGrams + 1;
  }
  // Heavier than the tariff knows: as many of its heaviest as it takes.
  if (best === Number.MAX_SAFE_INTEGER) {
    const last = breaks.at(-1);
    if (!last?.upToGrams) return 0;
    const full = Math.floor(grams / last.upToGrams);
    const rest = grams - full * last.upToGrams;
    const whole = freightMinor(breaks, last.upToGrams);
    return full * whole + (rest === 0 ? 0 : Math.min(whole, freightMinor(breaks, rest)));
  }
  return best;
}
