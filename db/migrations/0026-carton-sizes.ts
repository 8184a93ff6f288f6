import type { Knex } from 'knex';

/** What goods measure, so that they can be packed together, and which carton a package is. */
const cartonSizes = `
alter table item add column length_mm int check (length_mm > 0), add column width_mm int check (width_mm > 0), add column height_mm int check (height_mm > 0),
  add column upright boolean not null default false, add column packing_class text;
alter table package add column carton_type text;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(cartonSizes);
}
