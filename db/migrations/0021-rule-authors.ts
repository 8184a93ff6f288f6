import type { Knex } from 'knex';

/** Who saved a rule and why; a withdrawn version ends its rule. */
const ruleAuthors = `
alter table rule add column withdrawn boolean not null default false, add column note text not null default '',
  add column saved_by text not null default 'set-up', add column saved_at timestamptz not null default now();`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(ruleAuthors);
}
