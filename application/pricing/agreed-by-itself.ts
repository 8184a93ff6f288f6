const byItself: ReadonlySet<unknown> = new Set(['blanket', 'override', 'quote', 'sample']);

/**
 * Whether a line's price is agreed by itself: of a blanket order, a quote or a sample, or set by a person. It follows no
 * list and has no promotion beside it, neither while it is agreed nor while it is in dispute.
 */
export const isAgreedByItself = (priceDecision: Readonly<Record<string, unknown>>): boolean =>
  byItself.has(priceDecision['stands']) || priceDecision['blanketPrice'] !== undefined;
