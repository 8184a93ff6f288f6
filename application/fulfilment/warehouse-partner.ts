import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import { usualDirection } from '../../domain/fulfilment/warehouse-codes';
import type { WarehouseParty } from '../../domain/fulfilment/warehouse-documents';
import type { ProductId } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { toBaseUnits, type UnitFactors } from '../../domain/shared/quantity';
import type { ContentOutcome, Received } from '../partner/received-content';

/** What was agreed with a partner that keeps stock for the company (`partner.policy.warehouse`). */
export const warehousePolicySchema = z.strictObject({
  /** at-once: a 940 counts as accepted when it is on its way; acknowledged: when its 997 has accepted it. */
  release: z.enum(['at-once', 'acknowledged']).default('at-once'),
  /** acknowledged: a cancelling 940 counts when its 997 has accepted it; too-late: what was sent is never taken back. */
  recall: z.enum(['acknowledged', 'too-late']).default('acknowledged'),
  /** advise: an 846 is compared and differences are told; set: the level becomes what it says. */
  inventory: z.enum(['advise', 'set']).default('advise'),
  /** Element 181 -> which way, where the usual meaning is not this partner's. */
  reasons: z.record(z.string().length(2), z.enum(['signed', 'in', 'out', 'report'])).default({}),
  /** A node of ours -> what the partner calls it in N1 (elements 66 and 67), where it does not use our id. */
  nodes: z
    .record(
      z.string(),
      z.strictObject({ qualifier: z.string().min(1).max(2), code: z.string().min(2).max(80) }),
    )
    .default({}),
});
export type WarehousePolicy = z.infer<typeof warehousePolicySchema>;

export async function readWarehousePolicy(db: Db, partnerId: string): Promise<WarehousePolicy> {
  const row = await db('partner').where({ id: partnerId }).first('policy');
  return warehousePolicySchema.parse((row?.policy as { warehouse?: unknown } | undefined)?.warehouse ?? {});
}

/** N103 and N104 of a node for this partner; 91: assigned by us. */
export function nodeName(
  policy: WarehousePolicy,
  nodeId: string,
): { readonly idQualifier: string; readonly id: string } {
  const named = policy.nodes[nodeId];
  return named ? { idQualifier: named.qualifier, id: named.code } : { idQualifier: '91', id: nodeId };
}

export const directionOf = (policy: WarehousePolicy, reason: string) =>
  policy.reasons[reason] ?? usualDirection(reason);

export interface PartnerNode {
  readonly id: string;
  readonly time_zone: string;
}

/**
 * The node that a document speaks of: the one that its N1 names, or the partner's only one. A partner speaks of its own
 * nodes alone.
 */
export async function nodeOfDocument(
  db: Db,
  partnerId: string,
  parties: readonly WarehouseParty[],
  roles: readonly string[],
): Promise<PartnerNode | { readonly problem: string }> {
  const nodes = (await db('node')
    .where({ warehouse_partner: partnerId })
    .orderBy('id')
    .select('id', 'time_zone')) as PartnerNode[];
  if (nodes.length === 0) return { problem: `${partnerId} keeps no node of the company` };
  const policy = await readWarehousePolicy(db, partnerId);
  const named = parties.filter(({ role, id }) => roles.includes(role) && id !== undefined);
  const found = nodes.find((node) => named.some(({ id }) => id === nodeName(policy, node.id).id));
  if (found) return found;
  const [only] = nodes;
  if (nodes.length === 1 && only) return only;
  const said = named.map(({ role, id }) => `N1 ${role} ${id}`).join(', ') || `no N1 ${roles.join(' or ')}`;
  return {
    problem: `it names none of ${partnerId}'s nodes ${nodes.map(({ id }) => id).join(', ')} (${said})`,
  };
}

export interface NamedItem {
  readonly productIds: readonly ProductId[];
  readonly caseCode?: string;
}

export type ItemQuantity =
  | { readonly itemId: string; readonly baseUnits: number }
  | { readonly problem: string };

/** Finds items by what a warehouse calls them, and turns its quantities into base units. */
export class ItemBook {
  private readonly references: ReadonlyMap<string, string>;
  private readonly items: ReadonlyMap<string, UnitFactors>;

  private constructor(references: ReadonlyMap<string, string>, items: ReadonlyMap<string, UnitFactors>) {
    this.references = references;
    this.items = items;
  }

  /** All that the lines of one document need, in two queries. */
  static async of(db: Db, lines: readonly NamedItem[]): Promise<ItemBook> {
    const values = [
      ...new Set(
        lines.flatMap((line) => [
          ...line.productIds.map(({ value }) => value),
          ...(line.caseCode === undefined ? [] : [line.caseCode]),
        ]),
      ),
    ];
    // References of one customer are its own words; a warehouse speaks in those that hold for everyone.
    const references = (await db('item_cross_reference')
      .whereIn('value', values)
      .whereNull('customer_id')
      .select('qualifier', 'value', 'item_id')) as { qualifier: string; value: string; item_id: string }[];
    const rows = (await db('item')
      .leftJoin('item_unit', 'item_unit.item_id', 'item.id')
      .whereIn('item.id', [...values, ...references.map((row) => row.item_id)])
      .groupBy('item.id')
      .select(
        'item.id',
        'item.base_unit',
        db.raw(
          `coalesce(jsonb_object_agg(item_unit.unit, item_unit.factor) filter (where item_unit.unit is not null), '{}') as units`,
        ),
      )) as { id: string; base_unit: string; units: Record<string, number> }[];
    return new ItemBook(
      new Map(references.map((row) => [`${row.qualifier}\u0000${row.value}`, row.item_id])),
      new Map(rows.map((row) => [row.id, { ...row.units, [row.base_unit]: 1 }])),
    );
  }

  itemOf(line: NamedItem): { readonly itemId: string } | { readonly problem: string } {
    const ids = [
      ...line.productIds,
      ...(line.caseCode === undefined ? [] : [{ qualifier: 'UA', value: line.caseCode }]),
    ];
    const found = new Set(
      ids.flatMap(({ qualifier, value }) => {
        const itemId = this.references.get(`${qualifier}\u0000${value}`);
        if (itemId !== undefined) return [itemId];
        return this.items.has(value) ? [value] : [];
      }),
    );
    const said = ids.map(({ qualifier, value }) => `${qualifier} ${value}`).join(', ') || 'no id';
    const [itemId] = found;
    if (itemId === undefined) return { problem: `there is no item ${said}` };
    if (found.size > 1)
      return { problem: `its ids point to different items: ${[...found].join(', ')} (${said})` };
    return { itemId };
  }

  quantityOf(line: NamedItem, value: string, unit: string | undefined): ItemQuantity {
    const item = this.itemOf(line);
    if ('problem' in item) return item;
    if (!/^-?\d+(\.\d+)?$/.test(value)) return { problem: `"${value}" is not a quantity` };
    const factors = this.items.get(item.itemId) ?? {};
    const base = toBaseUnits({ value, unit: unit ?? '' }, factors);
    if (base.kind === 'converted') return { itemId: item.itemId, baseUnits: base.baseUnits };
    return {
      problem:
        base.kind === 'unknown-unit'
          ? `${item.itemId} has no unit ${unit ?? '(none)'}`
          : `${value} ${unit ?? ''} of ${item.itemId} is no whole number of its base unit`,
    };
  }
}

/** Nothing of it was done; a person is told what to mend before it is replayed. */
export function setAside(
  received: Received<unknown>,
  kind: string,
  problems: readonly string[],
  now: string,
): ContentOutcome {
  const what =
    problems.slice(0, 5).join('; ') + (problems.length > 5 ? `; and ${problems.length - 5} more` : '');
  return {
    kind: 'set-aside',
    exception: {
      kind,
      text: `${received.set} of ${received.partnerId} was not acted on: ${what}. Mend the cause and replay the document, or settle it with the warehouse.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      priority: 2,
      data: { problems: problems.slice(0, 100) },
    },
  };
}

export type Taken =
  | { readonly kind: 'first' }
  /** The same content under the same number: it was acted on before. */
  | { readonly kind: 'repeated' }
  /** The number came before with other content: nobody can tell which of the two holds. */
  | { readonly kind: 'differs'; readonly documentId: string };

/**
 * A document of a partner counts once by the number that the partner gave it, in whatever interchange it comes. Where
 * two come at the same moment the second waits here for the first.
 */
export async function takeOnce(
  tx: Tx,
  received: Received<unknown>,
  event: {
    readonly kind: string;
    readonly number: string;
    readonly nodeId: string;
    readonly saidAt: string | null;
  },
  now: string,
): Promise<Taken> {
  const hash = contentHash(received.body);
  const key = {
    partner_id: received.partnerId,
    usage: received.usage,
    kind: event.kind,
    number: event.number,
  };
  const inserted = (await tx('warehouse_event')
    .insert({
      ...key,
      node_id: event.nodeId,
      document_id: received.documentId,
      content_hash: hash,
      said_at: event.saidAt,
      taken_at: now,
    })
    .onConflict(['partner_id', 'usage', 'kind', 'number'])
    .ignore()
    .returning('number')) as unknown[];
  if (inserted.length > 0) return { kind: 'first' };
  const before = (await tx('warehouse_event').where(key).first('content_hash', 'document_id')) as {
    content_hash: string;
    document_id: string;
  };
  return before.content_hash === hash
    ? { kind: 'repeated' }
    : { kind: 'differs', documentId: before.document_id };
}

/**
 * What tells one report of stock (846) from another. A number may be used anew every day; said at the same moment and with
 * the same number it is the same report. One that names no day is told by its number alone, however often it comes.
 */
export const numberOfReport = (
  nodeId: string,
  { reference, date }: { readonly reference: string; readonly date?: string | undefined },
  saidAt: string,
): string => (date === undefined ? `${nodeId}/${reference}` : `${nodeId}/${reference}/${saidAt}`);

/** Of what was said, wherever in its document it stood; keys in order, since jsonb keeps none. */
export function contentHash(body: unknown): string {
  const canonical = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(canonical);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'at')
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, canonical(inner)]),
    );
  };
  return createHash('sha256')
    .update(JSON.stringify(canonical(body)))
    .digest('hex');
}
