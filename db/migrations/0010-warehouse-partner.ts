import type { Knex } from 'knex';

/**
 * Which warehouse a node uses: a trading partner that is asked by 940 and reports by 945, 944 and 947, or, where none
 * is named, the company's own system over REST. A supplier's node is one whose partner reports its stock by 846.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table node add column warehouse_partner text references partner;
create index node_by_warehouse_partner on node (warehouse_partner) where warehouse_partner is not null;
-- What a partner's documents (944, 947, 846) were acted on, by the number that the partner gave them: the same again changes nothing.
create table warehouse_event (
  partner_id text not null references partner, usage text not null, kind text not null, number text not null, node_id text not null references node,
  document_id uuid not null references document on delete cascade, content_hash text not null, said_at timestamptz, taken_at timestamptz not null,
  primary key (partner_id, usage, kind, number)
);
create index warehouse_event_latest on warehouse_event (node_id, usage, kind, said_at desc);`);
}
