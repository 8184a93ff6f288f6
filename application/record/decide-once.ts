import type { Db, Tx } from '../../db/connection';

const principalOf = (orderId: string) => `order/${orderId}`;

/**
 * The outcome of a person's command, kept in the transaction that carries it out: whoever died between the commit and
 * the report asks again and hears what was decided, not that it is decided already.
 * @param commandId one a command, the same at every retry
 */
export async function decideOnce<Outcome>(
  tx: Tx,
  orderId: string,
  commandId: string,
  decide: () => Promise<Outcome>,
): Promise<Outcome> {
  const known = await outcomeOf<Outcome>(tx, orderId, commandId);
  if (known !== undefined) return known;
  const outcome = await decide();
  await tx('idempotency_key').insert({
    principal: principalOf(orderId),
    key: commandId,
    route: 'order-command',
    body_hash: '',
    status: 200,
    response: JSON.stringify(outcome),
  });
  return outcome;
}

/** What came of a command, where it was carried out. */
export async function outcomeOf<Outcome>(
  db: Db,
  orderId: string,
  commandId: string,
): Promise<Outcome | undefined> {
  const row = (await db('idempotency_key')
    .where({ principal: principalOf(orderId), key: commandId })
    .first('response')) as { response: Outcome } | undefined;
  return row?.response;
}
