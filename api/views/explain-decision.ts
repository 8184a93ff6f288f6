/** Stored outcomes come from rules of other rooms and older versions: everything is looked at before it is believed. */
type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function explainPrice(outcome: unknown): string {
  const lines = listOf(outcome).flatMap((line) => {
    const explanation = textOf(line['explanation']);
    return explanation === undefined ? [] : [`Line ${String(line['line'])}: ${explanation}`];
  });
  return lines.length > 0 ? lines.join('; ') : 'Prices were resolved';
}

function explainAllocation(outcome: unknown): string {
  const plan = fieldsOf(outcome);
  const taken = listOf(plan['allocations']).map(
    (a) => `line ${String(a['lineNumber'])}: ${String(a['quantity'])} from ${String(a['nodeId'])}`,
  );
  const short = listOf(plan['shortages']).map(
    (s) => `line ${String(s['lineNumber'])}: ${String(s['quantity'])} short`,
  );
  const lost = listOf(plan['considered']).flatMap((node) =>
    node['taken'] === false && textOf(node['reason']) !== undefined
      ? [`${String(node['nodeId'])} not used (${String(node['reason'])})`]
      : [],
  );
  const parts = [...taken, ...short, ...lost];
  return parts.length > 0 ? parts.join('; ') : 'Nothing was to be allocated';
}

function explainValidation(outcome: unknown): string {
  const remarks = listOf(outcome).flatMap((line) => {
    const rejection = textOf(fieldsOf(line['rejection'])['text']);
    const holds = listOf(line['holds']).map(
      (hold) => textOf(fieldsOf(hold['reason'])['text']) ?? String(hold['type']),
    );
    return [...(rejection === undefined ? [] : [`rejected, ${rejection}`]), ...holds].map(
      (text) => `line ${String(line['line'])}: ${text}`,
    );
  });
  return remarks.length > 0 ? remarks.join('; ') : 'Every line is valid';
}

function explainCredit(outcome: unknown): string {
  const credit = fieldsOf(outcome);
  return (
    textOf(credit['text']) ??
    (credit['kind'] === 'within-limit' ? 'The order fits within the credit limit' : 'Credit was checked')
  );
}

/** A decision in a sentence; its inputs and outcome are shown beside it. */
export function explainDecision(kind: string, outcome: unknown): string {
  switch (kind) {
    case 'price':
      return explainPrice(outcome);
    case 'allocation':
      return explainAllocation(outcome);
    case 'validation':
      return explainValidation(outcome);
    case 'credit':
      return explainCredit(outcome);
    default: {
      const fields = fieldsOf(outcome);
      return (
        textOf(fields['text']) ??
        textOf(fields['reason']) ??
        textOf(fields['explanation']) ??
        textOf(fields['kind'])?.replaceAll('-', ' ') ??
        'Decided'
      );
    }
  }
}
