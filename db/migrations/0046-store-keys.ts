import type { Knex } from 'knex';

/** Who gave a key of a store's people and who took it back, and why; rows of keys are never deleted. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table api_key add column created_by text, add column revoked_by text, add column revoke_reason text',
  );
}
