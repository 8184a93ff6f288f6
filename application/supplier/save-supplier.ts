import type { Tx } from '../../db/connection';
import { supplierPolicySchema } from './supplier-order-record';

export interface SupplierToSave {
  readonly partner: string;
  readonly node: string;
  readonly name: string;
  readonly timeZone: string;
  readonly address: unknown;
  readonly rank: number;
  readonly answerHours: number;
  readonly priceTolerancePercent: string;
  readonly backorders: 'wait' | 're-source';
}

export type SupplierSaved =
  | { readonly kind: 'saved' }
  | { readonly kind: 'refused'; readonly text: string }
  /** It was to be new, and is there. */
  | { readonly kind: 'exists'; readonly text: string };

/** Whether what is there is changed, or only what is not there yet is entered. */
export interface Saving {
  readonly onlyNew: boolean;
}

/** The version of a supplier's place, which nobody else changes before the transaction ends; null: it is new. */
export async function lockSupplier(tx: Tx, partnerId: string, nodeId: string): Promise<number | null> {
  await tx('partner').where({ id: partnerId }).forUpdate().first('id');
  const row = (await tx('node')
    .where({ id: nodeId, supplier_partner: partnerId })
    .forUpdate()
    .first('supplier_version')) as { supplier_version: number } | undefined;
  return row?.supplier_version ?? null;
}

/**
 * Makes a trading partner a supplier: the node that it ships from, and what was agreed with it. Again: changes both,
 * unless it is to be new. What was agreed holds for all places of a supplier, so that a new one changes nothing of it.
 */
export async function saveSupplier(
  tx: Tx,
  wanted: SupplierToSave,
  { onlyNew }: Saving = { onlyNew: false },
): Promise<SupplierSaved> {
  const partner = (await tx('partner').where({ id: wanted.partner }).forUpdate().first('policy')) as
    | { policy: Readonly<Record<string, unknown>> }
    | undefined;
  if (!partner)
    return { kind: 'refused', text: `There is no trading partner ${wanted.partner}: set it up first` };
  if (!isTimeZone(wanted.timeZone)) return { kind: 'refused', text: `${wanted.timeZone} is no time zone` };
  const node = (await tx('node').where({ id: wanted.node }).forUpdate().first()) as
    | { supplier_partner: string | null }
    | undefined;
  if (node && onlyNew) return thereAlready(wanted.node);
  if (node && node.supplier_partner !== wanted.partner)
    return { kind: 'refused', text: `Node ${wanted.node} is there already and is not this supplier's` };
  const { answerHours, priceTolerancePercent, backorders } = wanted;
  const supplier = supplierPolicySchema.parse({ answerHours, priceTolerancePercent, backorders });
  const other = onlyNew ? await otherTerms(tx, wanted.partner, partner.policy, supplier) : null;
  if (other !== null) return { kind: 'exists', text: other };
  await tx('partner')
    .where({ id: wanted.partner })
    .update({ policy: JSON.stringify({ ...partner.policy, supplier }) });
  const row = {
    name: wanted.name,
    address: JSON.stringify(wanted.address),
    time_zone: wanted.timeZone,
    rank: wanted.rank,
    counterparty: wanted.partner,
  };
  if (node) await tx('node').where({ id: wanted.node }).update(row);
  else if (!(await insertNode(tx, { id: wanted.node, ...row, supplier_partner: wanted.partner })))
    return thereAlready(wanted.node);
  // What was agreed holds for every place of the supplier, so that each of them was changed.
  await tx('node').where({ supplier_partner: wanted.partner }).increment('supplier_version', 1);
  return { kind: 'saved' };
}

const thereAlready = (node: string): SupplierSaved => ({
  kind: 'exists',
  text: `Node ${node} is there already: give the new one another name, or change what is there`,
});

/** @returns false: somebody else has made a node of that name at the same moment */
async function insertNode(tx: Tx, row: Readonly<Record<string, unknown>>): Promise<boolean> {
  const made = (await tx('node').insert(row).onConflict('id').ignore().returning('id')) as unknown[];
  return made.length > 0;
}

type Terms = ReturnType<typeof supplierPolicySchema.parse>;

/** What is agreed with a partner that is a supplier already, where that is something else. */
async function otherTerms(
  tx: Tx,
  partnerId: string,
  policy: Readonly<Record<string, unknown>>,
  wanted: Terms,
): Promise<string | null> {
  const first = (await tx('node').where({ supplier_partner: partnerId }).orderBy('id').first('id')) as
    | { id: string }
    | undefined;
  if (!first) return null;
  const agreed = supplierPolicySchema.parse(policy['supplier'] ?? {});
  const same = (Object.keys(wanted) as (keyof Terms)[]).every((name) => agreed[name] === wanted[name]);
  if (same) return null;
  const { answerHours, priceTolerancePercent, backorders } = agreed;
  const later = backorders === 'wait' ? 'waits there' : 'is looked for elsewhere';
  return `${partnerId} ships from ${first.id} already, and what is agreed holds for all its places: it answers within ${answerHours} hours, bills at most ${priceTolerancePercent} % above the cost, what it backorders ${later}. Enter the same, or change it at ${first.id}`;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export interface ItemSupplierToSave {
  readonly item: string;
  readonly node: string;
  readonly supplierItemId: string;
  readonly unit: string;
  readonly unitFactor: number;
  readonly unitCost: string;
  readonly currency: string;
  readonly leadDays: number;
  readonly minimumQuantity: number;
  readonly sourcing: 'always' | 'when-short' | 'drop-ship-orders';
  readonly active: boolean;
}

/** The version of an item's entry at a supplier, which nobody else changes before the transaction ends; null: it is new. */
export async function lockItemSupplier(tx: Tx, itemId: string, nodeId: string): Promise<number | null> {
  const row = (await tx('item_supplier')
    .where({ item_id: itemId, node_id: nodeId })
    .forUpdate()
    .first('version')) as { version: number } | undefined;
  return row?.version ?? null;
}

/** What an item costs at a supplier and when it is asked for it; orders that are placed there keep what they were placed at. */
export async function saveItemSupplier(
  tx: Tx,
  wanted: ItemSupplierToSave,
  by: string,
  now: string,
  { onlyNew }: Saving = { onlyNew: false },
): Promise<SupplierSaved> {
  if (!(await tx('item').where({ id: wanted.item }).first('id')))
    return { kind: 'refused', text: `There is no item ${wanted.item}` };
  const node = await tx('node').where({ id: wanted.node }).first('supplier_partner');
  if (!node?.supplier_partner) return { kind: 'refused', text: `${wanted.node} is no supplier's node` };
  const agreed = {
    supplier_item_id: wanted.supplierItemId,
    unit: wanted.unit,
    unit_factor: wanted.unitFactor,
    unit_cost: wanted.unitCost,
    currency: wanted.currency,
    lead_days: wanted.leadDays,
    minimum_quantity: wanted.minimumQuantity,
    sourcing: wanted.sourcing,
    active: wanted.active,
    updated_at: now,
    updated_by: by,
  };
  const entry = tx('item_supplier')
    .insert({ item_id: wanted.item, node_id: wanted.node, ...agreed })
    .onConflict(['item_id', 'node_id']);
  const written = (await (onlyNew
    ? entry.ignore()
    : entry.merge({ ...agreed, version: tx.raw('item_supplier.version + 1') })
  ).returning('item_id')) as unknown[];
  return written.length > 0
    ? { kind: 'saved' }
    : { kind: 'exists', text: `${wanted.item} is entered for ${wanted.node} already: change what is there` };
}
