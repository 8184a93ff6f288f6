import type { Db } from '../../db/connection';

export interface CustomerRow {
  readonly id: string;
  readonly entity_id: string;
  readonly credit_account_id: string;
  readonly price_list_id: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly terms: unknown;
  readonly policy: unknown;
  readonly active: boolean;
  readonly entity_time_zone: string;
  /** Rules of hold types that have triggers, as they are in force; null where none has. */
  readonly hold_rules: unknown;
  readonly bill_to: unknown;
  /** The validation rules in force for its orders, by scope; parsed by `checksInForce`. */
  readonly validation_rules: unknown;
  /** The buyer's company has said what its people may spend. */
  readonly has_spending_rules: boolean;
}

const hasSpendingRules =
  'exists (select from buyer_person p where p.customer_id = customer.id) as has_spending_rules';

/** Read with the customer: an order of a company without such rules costs no statement for them. */
const holdRules = `(
  select jsonb_agg(jsonb_build_object('scope', r.scope, 'version', r.version, 'body', r.body)) from (
    select distinct on (scope) scope, version, body, withdrawn from rule
    where kind = 'hold-type' and valid_from <= now() order by scope, version desc) r
  where not r.withdrawn and jsonb_array_length(coalesce(r.body -> 'triggers', '[]')) > 0) as hold_rules`;

/** Read with the customer, so that an order of one without rules costs no statement more. */
const validationRules = `(select coalesce(jsonb_agg(jsonb_build_object('scope', r.scope, 'version', r.version, 'body', r.body)), '[]') from (
  select distinct on (scope) scope, version, body, withdrawn from rule
  where kind = 'validation' and scope = any(array['*', 'customer/' || customer.id, 'partner/' || ?]) and valid_from <= now()
  order by scope, version desc) r where not r.withdrawn) as validation_rules`;

/** @param partnerId who sent the order: rules may be for what one partner sends */
export async function readCustomer(
  tx: Db,
  customerId: string,
  partnerId: string | null = null,
): Promise<CustomerRow | undefined> {
  return (await tx('customer')
    .join('selling_entity', 'selling_entity.id', 'customer.entity_id')
    .where('customer.id', customerId)
    .first(
      'customer.*',
      'selling_entity.time_zone as entity_time_zone',
      tx.raw(holdRules),
      tx.raw(validationRules, [partnerId ?? '']),
      tx.raw(hasSpendingRules),
    )) as CustomerRow | undefined;
}
