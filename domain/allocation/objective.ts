/** What plans are compared by: lower is better. */
export interface Terms {
  /** Freight of all shipments, minor units. */
  readonly freight: number;
  readonly shipments: number;
  /** Kilometres of all shipments. */
  readonly distance: number;
  /** Of the nodes: handling of the order and of each unit, minor units. */
  readonly nodeCost: number;
  /** Until the last shipment arrives. */
  readonly days: number;
  /** Over all shipments, beyond the days that were asked for. */
  readonly daysLate: number;
  /** Of the nodes, once a shipment. */
  readonly rank: number;
}
export type Term = keyof Terms;
export const termNames = [
  'freight',
  'shipments',
  'distance',
  'nodeCost',
  'days',
  'daysLate',
  'rank',
] as const satisfies readonly Term[];

/**
 * lexicographic: the first term decides, the next only among equals. weighted: the sum of terms times whole weights;
 * with freight at 1, a weight is what one more of the term is worth in minor units.
 */
export type Objective =
  | { readonly kind: 'lexicographic'; readonly order: readonly Term[] }
  | { readonly kind: 'weighted'; readonly weights: Readonly<Partial<Record<Term, number | undefined>>> };

export const defaultObjective: Objective = { kind: 'lexicographic', order: ['shipments', 'rank'] };

export const asksFor = (objective: Objective, term: Term): boolean =>
  objective.kind === 'lexicographic' ? objective.order.includes(term) : (objective.weights[term] ?? 0) > 0;

/** Of two plans the one with the lower list is better, read from the left. */
export function valued(objective: Objective, terms: Terms): readonly number[] {
  const own =
    objective.kind === 'lexicographic'
      ? objective.order.map((term) => terms[term])
      : [termNames.reduce((sum, term) => sum + (objective.weights[term] ?? 0) * terms[term], 0)];
  return [...own, terms.shipments, terms.rank];
}

export function compareValues(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] as number) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
