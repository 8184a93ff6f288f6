import type { Knex } from 'knex';

/** Interchanges are listed newest first, by partner and by what became of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create unique index interchange_by_sequence on interchange (sequence);
create index interchange_by_partner on interchange (partner_id, sequence);
drop index interchange_troubled;
create index interchange_refused on interchange (status, sequence)
  where direction = 'in' and status in ('rejected', 'duplicate', 'quarantined', 'failed');
create index interchange_not_delivered on interchange (status, sequence) where direction = 'out' and status <> 'delivered';`);
}
