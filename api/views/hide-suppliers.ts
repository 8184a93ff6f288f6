/** Who ships for the seller is not the buyer's to know: the place that a supplier ships from has no name for it. */
export const unnamedSupplier = { id: 'supplier', name: 'Supplier' } as const;

/** A text, or anything that is kept as JSON, in which these nodes have no name. Their ids are letters, digits, dots and dashes. */
export function unnaming(nodeIds: readonly string[]): <Value>(value: Value) => Value {
  if (nodeIds.length === 0) return (value) => value;
  const ids = nodeIds.map((id) => id.replaceAll(/[.\\+*?[^\]$(){}=!<>|:#-]/g, '\\$&')).join('|');
  const named = new RegExp(`(?<![\\w.-])(?:${ids})(?![\\w-])`, 'g');
  return <Value>(value: Value): Value =>
    value === undefined || value === null
      ? value
      : (JSON.parse(JSON.stringify(value).replaceAll(named, unnamedSupplier.id)) as Value);
}
