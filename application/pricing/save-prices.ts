import type { Tx } from '../../db/connection';
import type { TierOver, TierPeriod } from '../../domain/pricing/resolve-price';
import { compareDecimals } from '../../domain/shared/money';

/** A price as somebody maintains it: of a list, or agreed with a customer, by itself or in a contract. */
export interface PriceToSave {
  readonly priceListId: string | null;
  readonly customerId: string | null;
  readonly contractId: string | null;
  readonly itemId: string;
  readonly unit: string;
  readonly minimumQuantity: string;
  readonly unitPrice: string;
  /** null: that of the list, the contract or the customer. */
  readonly currency: string | null;
  readonly tierOver: TierOver;
  readonly tierPeriod: TierPeriod | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** It is taken away, as if it had not been. */
  readonly withdrawn: boolean;
}

export interface RowProblem {
  /** From 0, as the rows were given. */
  readonly row: number;
  readonly code: string;
  readonly text: string;
}

export type SavePricesResult =
  | {
      readonly kind: 'saved';
      readonly added: number;
      readonly replaced: number;
      readonly withdrawn: number;
      readonly unchanged: number;
    }
  | { readonly kind: 'refused'; readonly problems: readonly RowProblem[] };

interface ActiveRow {
  readonly id: string;
  readonly row: number;
  readonly version: number;
  readonly unit_price: string;
  readonly valid_to: string | null;
}

/**
 * Saves prices, all or none. A price is known by whose it is, item, unit, tier, currency and first day; saved again it
 * becomes the next version, and the one before stays readable for the decisions that name it. Whoever saves prices of
 * one list or customer does so one after the other.
 */
export async function savePrices(
  tx: Tx,
  rows: readonly PriceToSave[],
  person: string,
): Promise<SavePricesResult> {
  const problems = [...findDuplicates(rows), ...(await findProblems(tx, rows))];
  if (problems.length > 0)
    return { kind: 'refused', problems: problems.toSorted((a, b) => a.row - b.row).slice(0, 1000) };
  await lockOwners(tx, rows);
  const active = new Map((await readActive(tx, rows)).map((one) => [one.row, one]));
  const changed = rows.flatMap((row, at) => {
    const before = active.get(at);
    const same =
      before === undefined
        ? row.withdrawn
        : !row.withdrawn &&
          compareDecimals(before.unit_price, row.unitPrice) === 0 &&
          before.valid_to === row.validTo;
    return same ? [] : [{ row, before }];
  });
  const gone = changed.flatMap(({ before }) => before?.id ?? []);
  if (gone.length > 0) await tx('price').whereIn('id', gone).update({ superseded_at: tx.fn.now() });
  const added = changed.filter(({ row }) => !row.withdrawn);
  if (added.length > 0)
    await tx.raw(
      `insert into price (price_list_id, customer_id, contract_id, item_id, unit, minimum_quantity, unit_price, currency,
         tier_over, tier_period, valid_from, valid_to, version, changed_by)
       select price_list_id, customer_id, contract_id, item_id, unit, minimum_quantity, unit_price, currency,
         tier_over, tier_period, valid_from, valid_to, version, ?
       from jsonb_to_recordset(cast(? as jsonb)) as r(price_list_id text, customer_id text, contract_id text, item_id text,
         unit text, minimum_quantity numeric, unit_price numeric, currency text, tier_over text, tier_period text,
         valid_from date, valid_to date, version int)`,
      [
        person,
        JSON.stringify(
          added.map(({ row, before }) => ({ ...columnsOf(row), version: (before?.version ?? 0) + 1 })),
        ),
      ],
    );
  return {
    kind: 'saved',
    added: added.filter(({ before }) => before === undefined).length,
    replaced: added.filter(({ before }) => before !== undefined).length,
    withdrawn: changed.length - added.length,
    unchanged: rows.length - changed.length,
  };
}

const columnsOf = (row: PriceToSave) => ({
  price_list_id: row.priceListId,
  customer_id: row.customerId,
  contract_id: row.contractId,
  item_id: row.itemId,
  unit: row.unit,
  minimum_quantity: row.minimumQuantity,
  unit_price: row.unitPrice,
  currency: row.currency,
  tier_over: row.tierOver,
  tier_period: row.tierPeriod,
  valid_from: row.validFrom,
  valid_to: row.validTo,
});

const keyOf = (row: PriceToSave) =>
  JSON.stringify([
    row.priceListId,
    row.customerId,
    row.contractId,
    row.itemId,
    row.unit,
    Number(row.minimumQuantity),
    row.currency,
    row.tierOver,
    row.tierPeriod,
    row.validFrom,
  ]);

function findDuplicates(rows: readonly PriceToSave[]): readonly RowProblem[] {
  const first = new Map<string, number>();
  return rows.flatMap((row, at) => {
    const key = keyOf(row);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, at);
      return [];
    }
    return [{ row: at, code: 'twice', text: `is the same price as row ${before + 1}` }];
  });
}

interface FoundRow {
  readonly row: number;
  readonly list_known: boolean;
  readonly customer_known: boolean;
  readonly contract_customer: string | null;
  readonly item_known: boolean;
  readonly unit_known: boolean;
}

async function findProblems(tx: Tx, rows: readonly PriceToSave[]): Promise<readonly RowProblem[]> {
  const { rows: found } = await tx.raw<{ rows: FoundRow[] }>(
    `select (r.at - 1)::int as row, l.id is not null as list_known, c.id is not null as customer_known,
       k.customer_id as contract_customer, i.id is not null as item_known,
       (i.base_unit = r.value ->> 'unit' or u.unit is not null) as unit_known
     from jsonb_array_elements(cast(? as jsonb)) with ordinality as r(value, at)
     left join price_list l on l.id = r.value ->> 'price_list_id' left join customer c on c.id = r.value ->> 'customer_id'
     left join price_contract k on k.id = r.value ->> 'contract_id' left join item i on i.id = r.value ->> 'item_id'
     left join item_unit u on u.item_id = i.id and u.unit = r.value ->> 'unit'`,
    [JSON.stringify(rows.map(columnsOf))],
  );
  return found.flatMap((facts) => {
    const row = rows[facts.row] as PriceToSave;
    return problemsOf(row, facts).map(([code, text]) => ({ row: facts.row, code, text }));
  });
}

function problemsOf(row: PriceToSave, facts: FoundRow): readonly (readonly [string, string])[] {
  const problems: [string, string][] = [];
  if ((row.priceListId === null) === (row.customerId === null))
    problems.push(['whose', 'name a price list or a customer, not both']);
  if (row.priceListId !== null && !facts.list_known)
    problems.push(['unknown-list', `there is no price list ${row.priceListId}`]);
  if (row.customerId !== null && !facts.customer_known)
    problems.push(['unknown-customer', `there is no customer ${row.customerId}`]);
  if (row.contractId !== null && facts.contract_customer !== row.customerId)
    problems.push(['unknown-contract', `${row.customerId ?? 'a list'} has no contract ${row.contractId}`]);
  if (!facts.item_known) problems.push(['unknown-item', `there is no item ${row.itemId}`]);
  else if (!facts.unit_known)
    problems.push(['unknown-unit', `item ${row.itemId} is not sold in ${row.unit}`]);
  if (row.validTo !== null && row.validTo < row.validFrom)
    problems.push(['dates', 'it ends before it begins']);
  if (row.tierPeriod !== null && row.tierOver === 'line')
    problems.push(['tier', 'a period cumulates over an item or a group, not over a line']);
  return problems;
}

/** In one order, so that two who save prices of several lists never wait for each other. */
async function lockOwners(tx: Tx, rows: readonly PriceToSave[]): Promise<void> {
  const lists = [...new Set(rows.flatMap((row) => row.priceListId ?? []))];
  const customers = [...new Set(rows.flatMap((row) => row.customerId ?? []))];
  await tx('price_list').whereIn('id', lists).orderBy('id').forNoKeyUpdate().select('id');
  await tx('customer').whereIn('id', customers).orderBy('id').forNoKeyUpdate().select('id');
}

async function readActive(tx: Tx, rows: readonly PriceToSave[]): Promise<readonly ActiveRow[]> {
  const { rows: found } = await tx.raw<{ rows: ActiveRow[] }>(
    `select p.id, (r.at - 1)::int as row, p.version, p.unit_price::text as unit_price, p.valid_to
     from jsonb_array_elements(cast(? as jsonb)) with ordinality as r(value, at)
     join price p on p.item_id = r.value ->> 'item_id' and p.unit = r.value ->> 'unit'
       and p.price_list_id is not distinct from r.value ->> 'price_list_id'
       and p.customer_id is not distinct from r.value ->> 'customer_id'
       and p.contract_id is not distinct from r.value ->> 'contract_id'
       and p.minimum_quantity = cast(r.value ->> 'minimum_quantity' as numeric)
       and p.tier_over = r.value ->> 'tier_over' and p.tier_period is not distinct from r.value ->> 'tier_period'
       and p.currency is not distinct from r.value ->> 'currency' and p.valid_from = cast(r.value ->> 'valid_from' as date)
     where p.superseded_at is null`,
    [JSON.stringify(rows.map(columnsOf))],
  );
  return found;
}
