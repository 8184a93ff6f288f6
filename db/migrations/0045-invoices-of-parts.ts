import type { Knex } from 'knex';

/** A shipment may be billed again: for what left of a bundle with it, once the rest of that is cancelled. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table invoice drop constraint invoice_shipment_id_key;
    alter table invoice add column part int not null default 1 check (part > 0);
    alter table invoice add unique (shipment_id, part);`);
}
