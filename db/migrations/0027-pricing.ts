import type { Knex } from 'knex';

/**
 * Prices with versions, contracts, volume tiers and a currency of their own; what items cost; what promotions have
 * given.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table item add column if not exists item_class text, add column if not exists price_group text;
    create table price_contract (
      id text primary key, customer_id text not null references customer, name text not null, currency text not null,
      valid_from date not null default '2000-01-01', valid_to date,
      -- Base units of the contract's items: in one order, and promised for as long as it runs.
      minimum_order_quantity bigint check (minimum_order_quantity > 0),
      commitment_quantity bigint check (commitment_quantity > 0),
      version int not null default 1, changed_by text not null default 'hub', changed_at timestamptz not null default now()
    );
    -- currency null: that of the list, or of the customer. A row is never changed: the next version takes its place.
    alter table price add contract_id text references price_contract, add currency text,
      add tier_over text not null default 'line' check (tier_over in ('line', 'item', 'group')),
      add tier_period text check (tier_period in ('month', 'quarter', 'year')),
      add superseded_at timestamptz, add changed_by text not null default 'hub',
      add changed_at timestamptz not null default now(),
      add check (contract_id is null or customer_id is not null),
      add check (tier_period is null or tier_over <> 'line');
    -- Of two that were the same in every point the one with the lower id was taken: it stays so.
    update price p set superseded_at = now() where exists (
      select 1 from price o where o.id < p.id and o.item_id = p.item_id and o.unit = p.unit
        and o.price_list_id is not distinct from p.price_list_id and o.customer_id is not distinct from p.customer_id
        and o.minimum_quantity = p.minimum_quantity and o.valid_from = p.valid_from);
    create unique index price_once on price (coalesce(price_list_id, ''), coalesce(customer_id, ''), coalesce(contract_id, ''),
      item_id, unit, minimum_quantity, tier_over, coalesce(tier_period, ''), coalesce(currency, ''), valid_from)
      where superseded_at is null;
    create table item_cost (
      item_id text not null references item, entity_id text not null references selling_entity, currency text not null,
      valid_from date not null default '2000-01-01', unit_cost numeric(18,6) not null check (unit_cost >= 0),
      version int not null default 1, changed_by text not null default 'hub', changed_at timestamptz not null default now(),
      primary key (item_id, entity_id, currency, valid_from)
    );
    -- What was taken of a promotion's limits, without what is in promotion_give_back and not counted yet.
    create table promotion_budget (
      promotion_id text not null, usage text not null check (usage in ('P', 'T')),
      used_minor bigint not null default 0 check (used_minor >= 0), used_count int not null default 0 check (used_count >= 0),
      primary key (promotion_id, usage)
    );
    -- counted: taken from the promotion's budget; one without limits has none.
    create table promotion_use (
      promotion_id text not null, order_id uuid not null references orders, usage text not null, customer_id text not null,
      version int not null, amount_minor bigint not null check (amount_minor >= 0), counted boolean not null,
      changed_at timestamptz not null, primary key (promotion_id, order_id)
    );
    create index promotion_use_by_order on promotion_use (order_id);
    create index promotion_use_by_customer on promotion_use (promotion_id, customer_id) where amount_minor > 0;
    -- Who gives back waits for nobody: the next who takes counts it, under the budget's lock.
    create table promotion_give_back (
      id uuid primary key default uuidv7(), promotion_id text not null, usage text not null, order_id uuid not null references orders,
      amount_minor bigint not null check (amount_minor >= 0), uses int not null check (uses in (0, 1))
    );
    create index promotion_give_back_by_promotion on promotion_give_back (promotion_id, usage);`);
}
