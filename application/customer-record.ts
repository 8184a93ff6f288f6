import type { Tx } from '../db/connection';

export interface CustomerRow {
  readonly id: string;
  readonly entity_id: string;
  readonly credit_account_id: string;
  readonly price_list_id: string;
  readonly currency: string;
  readonly terms: unknown;
  readonly policy: unknown;
  readonly active: boolean;
  readonly entity_time_zone: string;
}

export async function readCustomer(tx: Tx, customerId: string): Promise<CustomerRow | undefined> {
  return (await tx('customer')
    .join('selling_entity', 'selling_entity.id', 'customer.entity_id')
    .where('customer.id', customerId)
    .first('customer.*', 'selling_entity.time_zone as entity_time_zone')) as CustomerRow | undefined;
}
