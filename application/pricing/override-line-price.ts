import type { Db, Tx } from '../../db/connection';
import type { HoldRequest } from '../../domain/order/hold-types';
import { isFurtherComponent } from '../../domain/order/line-supply';
import type { PriceOverride } from '../../domain/order/order-request';
import {
  decideOverride,
  type OverrideAuthority,
  type OverrideDecision,
  type OverrideQuestion,
  type OverrideReason,
  overrideReasons,
} from '../../domain/pricing/override-price';
import { pricedOn } from '../../domain/pricing/price-date';
import { compareDecimals, lineAmountMinor, scaleDecimal } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { LineChangeContext } from '../change/line-change-context';
import { done, type LineOutcome, refused } from '../change/line-outcome';
import { ownOpenHolds } from '../hold/open-holds';
import { amountOf, type PricedUnits } from '../order/give-up-lines';
import { type OrderLineRow, type OrderRow, readLines } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { ratesOn } from '../rules/credit-rules';
import { hasBegunBy } from '../rules/exchange-rate';
import { marginFloorOf, overrideAuthoritiesOf, type StoredRule } from '../rules/pricing';

interface ItemRow {
  readonly item_class: string | null;
  readonly unit_cost: string | null;
  readonly entity_currency: string;
  readonly rules: readonly StoredRule[] | null;
}

/**
 * Whether a person may set a line's price, by the rules and the item's cost as they are now. The cost is that of the
 * order's entity and currency on the order's date; one in another currency is none.
 */
export async function weighOverride(
  db: Db,
  order: PricedOrder,
  line: OverriddenLine,
  override: Override,
  /** Of a bundle all its components. */
  group: readonly OverriddenLine[] = [line],
): Promise<OverrideDecision> {
  const { authorities, question } = await overrideQuestion(db, order, line, override, group);
  return decideOverride(authorities, question);
}

type PricedOrder = Pick<OrderRow, 'entity_id' | 'currency' | 'po_date' | 'price_date'>;
export type OverriddenLine = PricedUnits &
  Pick<OrderLineRow, 'item_id' | 'ordered' | 'cancelled' | 'price_decision'>;
type Override = Pick<PriceOverride, 'unitPrice' | 'reason' | 'roles'>;

/** What a price is judged by, and who may set one, by the rules as they are now. */
export async function overrideQuestion(
  db: Db,
  order: PricedOrder,
  line: OverriddenLine,
  { unitPrice, reason, roles }: Override,
  group: readonly OverriddenLine[] = [line],
): Promise<{
  readonly authorities: readonly OverrideAuthority[];
  readonly question: OverrideQuestion;
}> {
  const sold = line.supply?.kind === 'component' ? line.supply.bundle : line.item_id;
  // Measured from what nobody has set: many small steps go no further than one.
  const whole = { ...line, supply: null, unit_price: unsetPrice(line) };
  const { rows } = await db.raw<{ rows: ItemRow[] }>(
    `select i.item_class, (select c.unit_cost::text from item_cost c where c.item_id = i.id and c.entity_id = :entityId
         and c.currency = :currency and c.valid_from <= :date order by c.valid_from desc limit 1) as unit_cost,
       (select currency from selling_entity where id = :entityId) as entity_currency,
       (select json_agg(r) from (select distinct on (kind, scope) kind, scope, version, body, withdrawn from rule
         where kind in ('price-override', 'margin-floor', 'exchange-rate') and valid_from <= now() and ${hasBegunBy(':date')} order by kind, scope, version desc) r
         where not withdrawn) as rules
     from item i where i.id = :itemId`,
    {
      entityId: order.entity_id,
      currency: order.currency,
      date: pricedOn(order),
      itemId: sold,
    } as never,
  );
  const item = rows[0];
  const rules = item?.rules ?? [];
  const left = line.ordered - line.cancelled;
  const ours = (line.price_decision as { readonly resolution?: { readonly unitPrice?: unknown } | null })
    .resolution?.unitPrice;
  const question: OverrideQuestion = {
    roles,
    reason: reason as OverrideReason,
    newPrice: unitPrice,
    ourPrice: typeof ours === 'string' ? scaleDecimal(ours, line.price_basis, 1, 12) : null,
    amountMinor: amountOf(whole, left, order.currency),
    newAmountMinor: amountOf({ ...whole, unit_price: unitPrice }, left, order.currency),
    currency: order.currency,
    entityCurrency: item?.entity_currency ?? order.currency,
    rates: ratesOn(rules, order.po_date),
    unitCost:
      line.supply?.kind === 'component'
        ? await costOfBundle(db, order, group)
        : item?.unit_cost === null || item === undefined
          ? null
          : scaleDecimal(item.unit_cost, line.unit_factor * line.price_basis, 1, 12),
    floor: marginFloorOf(rules, { itemId: sold ?? '', itemClass: item?.item_class ?? null }),
  };
  return { authorities: overrideAuthoritiesOf(rules), question };
}

interface SetPrice extends PriceOverride {
  readonly before: string | null;
  /** Before any person had set one. */
  readonly unset?: string | null;
  readonly role: string;
}

function setPriceOf(line: OverriddenLine): SetPrice | undefined {
  const { stands, override } = line.price_decision as { stands?: unknown; override?: SetPrice };
  return stands === 'override' ? override : undefined;
}

function unsetPrice(line: OverriddenLine): string | null {
  const set = setPriceOf(line);
  return set === undefined ? line.unit_price : (set.unset ?? set.before);
}

/**
 * A price that a person has set stays when more is ordered. Where the role that set it may not give so much for the
 * larger line, somebody else agrees to it first.
 */
export async function setPriceHolds(
  tx: Tx,
  order: OrderRow,
  line: OrderLineRow,
  baseUnits: number,
): Promise<readonly HoldRequest[]> {
  const set = setPriceOf(line);
  if (set === undefined || baseUnits <= line.ordered - line.cancelled) return [];
  const larger = { ...line, ordered: baseUnits, cancelled: 0 };
  const decision = await weighOverride(tx, order, larger, { ...set, roles: [set.role] });
  if (decision.kind === 'allowed') return [];
  const quantity = (units: number) => fromBaseUnits(units, line.unit, { [line.unit]: line.unit_factor });
  const text = `${set.person} set the price ${set.unitPrice} for ${quantity(line.ordered - line.cancelled)} ${line.unit}; for ${quantity(baseUnits)} the role "${set.role}" may not: ${decision.text}`;
  return [{ type: 'price', lineNumber: line.line_number, reason: { code: 'set-for-less', text } }];
}

/** A bundle costs what its components do, in its price basis; null where nobody stated the cost of one of them. */
async function costOfBundle(
  db: Db,
  order: PricedOrder,
  group: readonly OverriddenLine[],
): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { cost: string | null }[] }>(
    `select case when count(c.unit_cost) = count(*) then sum(c.unit_cost * l.factor)::text end as cost
     from jsonb_to_recordset(cast(:components as jsonb)) as l(item text, factor bigint)
     left join lateral (select unit_cost from item_cost where item_id = l.item and entity_id = :entityId
       and currency = :currency and valid_from <= :date order by valid_from desc limit 1) c on true`,
    {
      components: JSON.stringify(
        group.map((one) => ({ item: one.item_id, factor: one.unit_factor * one.price_basis })),
      ),
      entityId: order.entity_id,
      currency: order.currency,
      date: pricedOn(order),
    } as never,
  );
  return rows[0]?.cost ?? null;
}

/** The components of the bundle that a line is one of, the first in front; any other line alone. */
function groupOf(
  line: OrderLineRow,
  lines: readonly OrderLineRow[],
): readonly [OrderLineRow, ...OrderLineRow[]] {
  const { supply } = line;
  if (supply?.kind !== 'component') return [line];
  const own = lines.filter((one) => one.supply?.kind === 'component' && one.supply.key === supply.key);
  const [first, ...others] = own.toSorted((a, b) => a.line_number - b.line_number);
  return [first ?? line, ...others];
}

/** The same before anything is asked of the order, so that who may not hears so at once; null: there is no such line. */
export async function foreseeOverride(
  db: Db,
  orderId: string,
  lineNumber: number,
  override: PriceOverride,
): Promise<OverrideDecision | null> {
  const order = (await db('orders').where({ id: orderId }).first()) as OrderRow | undefined;
  const lines = await readLines(db, orderId);
  const line = lines.find((one) => one.line_number === lineNumber);
  if (!order || !line) return null;
  const group = groupOf(line, lines);
  return weighOverride(db, order, group[0], override, group);
}

/**
 * Sets a line's price because a person says so, and within what that person's roles may. What is at the warehouse was
 * taken back before; what has left keeps its price. The price stands alone: no promotion beside it, and a change of
 * quantity keeps it.
 */
export async function overrideLinePrice(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  override: PriceOverride,
): Promise<LineOutcome> {
  const { order, now } = context;
  if (line.item_id === null) return refused(context, line, `line ${line.line_number} has no item to price`);
  if (order.without_invoice)
    return refused(
      context,
      line,
      'the sample has no invoice: what a price would ask for is billed to nobody',
    );
  const group = groupOf(line, context.lines);
  // Of a bundle its first component speaks; the others follow it.
  if (isFurtherComponent(line.supply)) return followed(tx, context, line);
  if (group.some((one) => one.released + one.shipped > 0))
    return refused(
      context,
      line,
      `of line ${line.line_number} some has left, so its price can no longer be set`,
    );
  if (!(overrideReasons as readonly string[]).includes(override.reason))
    return refused(context, line, `"${override.reason}" is no reason to set a price`);
  const decision = await weighOverride(tx, order, line, override, group);
  if (decision.kind === 'refused') return refused(context, line, decision.text);
  const { unitPrice, reason, note, person } = override;
  const changed: OrderLineRow[] = [];
  for (const one of group) {
    const [row] = (await tx('order_line')
      .where({ id: one.id })
      .update({
        unit_price: unitPrice,
        amount_minor: amountOf(
          { ...one, unit_price: unitPrice },
          one.ordered - one.cancelled,
          order.currency,
        ),
        price_decision: JSON.stringify({
          ...withoutPromotions(one.price_decision),
          stands: 'override',
          why: `${person} set the price (${reason})`,
          override: {
            unitPrice,
            before: one.unit_price,
            unset: unsetPrice(one),
            reason,
            note,
            person,
            at: now,
            ...decision,
          },
        }),
      })
      .returning('*')) as OrderLineRow[];
    changed.push(row as OrderLineRow);
  }
  await ownOpenHolds(tx, order.id)
    .where({ line_number: line.line_number, type: 'price' })
    .update({
      status: 'superseded',
      resolved_at: now,
      resolved_by: person,
      resolution_reason: `the price was set to ${unitPrice}`,
    });
  await keep(tx, order, line, override, decision, now);
  return done(context, changed[0] as OrderLineRow);
}

/** What became of a component with its bundle: the price is the same, or the bundle's refusal is told once. */
async function followed(tx: Tx, context: LineChangeContext, line: OrderLineRow): Promise<LineOutcome> {
  const row = (await readLines(tx, context.order.id)).find(({ id }) => id === line.id) ?? line;
  const wanted = context.change.override?.unitPrice ?? '';
  const is = row.unit_price !== null && compareDecimals(row.unit_price, wanted) === 0;
  return is ? done(context, row) : refused(context, row, '');
}

function withoutPromotions(decision: unknown): Readonly<Record<string, unknown>> {
  const {
    promotions: _promotions,
    netPrice: _netPrice,
    ...rest
  } = decision as Readonly<Record<string, unknown>>;
  return rest;
}

async function keep(
  tx: Tx,
  order: OrderRow,
  line: OrderLineRow,
  { unitPrice, reason, note, person, roles }: PriceOverride,
  decision: Extract<OverrideDecision, { kind: 'allowed' }>,
  now: string,
): Promise<void> {
  const before = line.unit_price === null ? 'none' : line.unit_price.replace(/\.?0+$/, '');
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'price',
      rule: `price-override:${decision.role}`,
      ruleVersion: [
        `v${decision.version}`,
        ...(decision.floorVersion === null ? [] : [`margin floor v${decision.floorVersion}`]),
      ].join(', '),
      inputs: { line: line.line_number, before: line.unit_price, unitPrice, reason, roles },
      outcome: [
        {
          line: line.line_number,
          ...decision,
          explanation: `${person} set the price from ${before} to ${unitPrice} ${order.currency} a ${line.unit}: ${reason}, ${note}`,
        },
      ],
      decidedAt: now,
      decidedBy: person,
    },
  ]);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'price-set',
      actor: person,
      text: `${person} set the price of line ${line.line_number} from ${before} to ${unitPrice} ${order.currency} (${reason}): ${note}`,
      data: {
        line: line.line_number,
        amountMinor: lineAmountMinor(line.quantity, unitPrice, order.currency, line.price_basis),
      },
    },
  ]);
}
