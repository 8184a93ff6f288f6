import type { Knex } from 'knex';

/** Partner guides in versions that never change, and the version that judged a document. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table guide (
  id uuid not null unique default uuidv7(), name text not null, version int not null check (version > 0), set_id text not null, release text not null, title text not null default '',
  -- Local days of the partner, both included. Of versions in force on one day the highest counts.
  effective_from date not null, effective_until date check (effective_until >= effective_from),
  body jsonb not null, saved_by text not null, saved_at timestamptz not null default now(),
  primary key (name, version)
);
-- Documents name the version that judged them: what it said then it says for ever.
create function guide_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'guide % version % is kept as it is: save a new version', old.name, old.version;
end $$;
create trigger guide_is_kept before update or delete on guide for each row execute function guide_is_kept();
alter table document add column guide_version int;`);
}
