import type { Knex } from 'knex';

/** What was seen in a partner's SFTP folder, and what was picked up there. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- The last look at a file that is still in the folder: one whose size and time are the same at the next look is complete.
create table sftp_look (
  channel_id text not null references channel on delete cascade, name text not null,
  size bigint not null, modified_at timestamptz not null, looked_at timestamptz not null,
  -- Why it is left there; until the partner replaces it.
  refused text,
  primary key (channel_id, name)
);
-- Written together with the arrival, before the file is moved or deleted: after a crash between it is known.
create table sftp_pickup (
  id uuid primary key default uuidv7(), channel_id text not null references channel on delete cascade, name text not null,
  size bigint not null, modified_at timestamptz not null, sha256 bytea not null,
  arrival_id uuid not null references arrival on delete cascade, picked_up_at timestamptz not null, removed_at timestamptz
);
-- Two pollers, should one believe that it has the channel for itself, cannot take the same file.
create unique index sftp_pickup_not_removed on sftp_pickup (channel_id, name, size, modified_at, sha256) where removed_at is null;
create index sftp_pickup_by_channel on sftp_pickup (channel_id, id desc);
create index sftp_pickup_by_arrival on sftp_pickup (arrival_id);`);
}
