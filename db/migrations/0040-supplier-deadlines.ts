import type { Knex } from 'knex';

/** What is watched of suppliers from the start; people change or withdraw these rules as any other. */
const rules = [
  {
    scope: 'supplier-unanswered',
    body: { milestone: 'answered', date: 'answer-due', hours: 0, priority: 2, deadlineHours: 4 },
    advice: 'Ask the supplier whether it ships, or cancel the order there and ship it from elsewhere.',
  },
  {
    scope: 'supplier-not-shipped',
    body: { milestone: 'shipped', date: 'promised', hours: 0, priority: 2, deadlineHours: 8 },
    advice: 'Ask the supplier for its new day and tell the customer, or cancel the order there.',
  },
  {
    scope: 'supplier-cancel-unanswered',
    body: { milestone: 'cancel-answered', date: 'cancel-asked', hours: 24, priority: 2, deadlineHours: 4 },
    advice: 'Ask the supplier whether it has taken the order back: the customer’s cancel waits for that.',
  },
];

export async function up(knex: Knex): Promise<void> {
  for (const { scope, body, advice } of rules)
    await knex('rule')
      .insert({
        kind: 'monitoring',
        scope,
        version: 1,
        valid_from: '2000-01-01',
        body: JSON.stringify({
          subject: 'supplier-order',
          side: 'after',
          ownerRole: 'operations',
          consolidate: 'each',
          ...body,
          advice,
        }),
      })
      .onConflict(['kind', 'scope', 'version'])
      .ignore();
}
