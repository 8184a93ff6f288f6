/** Units of an item that are sold to nobody at a node: what a rule says, by its scope. */
export interface SafetyRule {
  readonly units: number;
  readonly version: number;
}

export type SafetyRules = ReadonlyMap<string, SafetyRule>;

/** What is left untouched at a node, and which rule says so; without one the figure of the level itself stands. */
export interface SafetyStock {
  readonly units: number;
  readonly rule: { readonly scope: string; readonly version: number } | null;
}

/**
 * Of the rules that speak of an item at a node the most specific counts: the item before its class, that before
 * everything, and of each the node before all nodes.
 * @param level what the stock level itself says; it counts where no rule speaks
 */
export function safetyStockOf(
  rules: SafetyRules,
  { itemId, itemClass, nodeId }: SafetyPlace,
  level: number,
): SafetyStock {
  if (rules.size === 0) return { units: level, rule: null };
  const whose = [`item/${itemId}`, ...(itemClass === null ? [] : [`class/${itemClass}`]), '*'];
  for (const scope of whose.flatMap((one) => [`${one} at ${nodeId}`, one])) {
    const rule = rules.get(scope);
    if (rule) return { units: rule.units, rule: { scope, version: rule.version } };
  }
  return { units: level, rule: null };
}

export interface SafetyPlace {
  readonly itemId: string;
  readonly itemClass: string | null;
  readonly nodeId: string;
}

/** What a scope is of: "item/BOLT at CHI", "class/FASTENERS", "* at CHI". */
export function readSafetyScope(scope: string): {
  readonly itemId: string | null;
  readonly itemClass: string | null;
  readonly nodeId: string | null;
} {
  const at = scope.lastIndexOf(' at ');
  const whose = at < 0 ? scope : scope.slice(0, at);
  return {
    itemId: whose.startsWith('item/') ? whose.slice(5) : null,
    itemClass: whose.startsWith('class/') ? whose.slice(6) : null,
    nodeId: at < 0 ? null : scope.slice(at + 4),
  };
}
