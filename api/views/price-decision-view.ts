type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Why the seller's own price is what it is goes to its own people; a buyer is told whose price it is and what is off. */
export function priceDecisionView(stored: unknown, audience: { readonly ownStaff: boolean }): unknown {
  if (audience.ownStaff) return stored;
  const decision = fieldsOf(stored);
  const { explanation } = fieldsOf(decision['resolution']);
  const given = fieldsOf(decision['promotions'])['given'];
  const { stands, why } = decision;
  return {
    ...(stands !== undefined && { stands }),
    ...(stands === 'override'
      ? { explanation: 'The price was set by the seller' }
      : { ...(explanation !== undefined && { explanation }), ...(why !== undefined && { why }) }),
    ...(Array.isArray(given) &&
      given.length > 0 && {
        promotions: {
          given: given.map(fieldsOf).map(({ name, text, amountMinor }) => ({ name, text, amountMinor })),
        },
      }),
  };
}
