import type { Tx } from '../../db/connection';
import type { OrderType } from '../../domain/order/order-types';
import { pricedOn } from '../../domain/pricing/price-date';
import { openHolds } from '../hold/open-holds';
import { lineColumns } from '../order/order-columns';
import { type OrderLineRow, readLines } from '../order/order-record';
import type { LineFacts, ResolvedLine } from '../order/resolve-lines';
import { recordDecisions } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';
import { type Covered, coverShortages, standInItems } from '../sourcing/cover-shortages';
import { demandsOf } from '../sourcing/demands';
import { explodeBundles } from '../sourcing/explode-bundles';
import { mustReject, sourcingHolds, whyShort } from '../sourcing/sourcing-outcome';
import { orderStatus, refusalText } from './judge-modification';
import {
  type LineChangeContext,
  planForChange,
  readChangedFacts,
  resolveChangedLine,
} from './line-change-context';
import { done, type LineOutcome, refused, unknownLine } from './line-outcome';
import { takeForChange } from './replan-as-one';
import { keepValidation } from './validate-change';

/** What is to be known of the lines that a change adds; null where it adds none. */
export async function readAddedFacts(
  tx: Tx,
  context: Pick<LineChangeContext, 'order' | 'customer'>,
  changes: readonly LineChangeContext['change'][],
): Promise<LineFacts | null> {
  const added = changes.filter(({ kinds }) => kinds.includes('add')).map(({ line }) => line);
  return added.length === 0 ? null : readChangedFacts(tx, context, added);
}

/**
 * A line that a change adds is taken up as one of a new order: a bundle comes as its components, and what is short as
 * what its buyer has agreed to. The caller holds the account's lock, and that of the stock of all that may be supplied.
 * @returns an outcome for each line of the order that it became
 */
export async function addLine(
  tx: Tx,
  context: LineChangeContext,
  facts: LineFacts,
): Promise<readonly LineOutcome[]> {
  const { order, policy, change, now } = context;
  const { existing } = context;
  if (existing && change.line.buyerLineNumber !== undefined)
    return [refused(context, existing, `line ${change.line.buyerLineNumber} is there already`)];
  const why = whyNot(context);
  if (why !== null) return [refused(context, unknownLine(context), why)];
  const lineNumber = Math.max(0, ...(await readLines(tx, order.id)).map((line) => line.line_number)) + 1;
  const asked = resolveChangedLine(context, facts, change.line, lineNumber);
  const terms = { policy, currency: order.currency, date: pricedOn(order), stated: order.po_date };
  const lines = explodeBundles(order as { readonly type: OrderType }, [asked], facts, terms);
  const unsold = lines.find((line) => line.rejection !== null || line.item === null);
  if (unsold) {
    const text = unsold.rejection?.text ?? unsold.holds[0]?.reason.text ?? 'the line cannot be added';
    return [
      {
        ...refused(context, unknownLine(context), text),
        statuses: [{ code: unsold.rejection?.code ?? 'IR', quantity: change.line.quantity }],
      },
    ];
  }
  const covered = await supplied(tx, context, lines, facts);
  const mayWait = (one: { readonly lineNumber: number }) =>
    policy.backorder && covered.lines.find(hasNumber(one.lineNumber))?.item?.backorderable === true;
  const short = covered.plan.shortages.find((one) => mustReject(one, policy) || !mayWait(one));
  if (short) return [refused(context, unknownLine(context), whyShort(short))];
  const rows = await writeAdded(tx, context, covered);
  const holds = [...covered.lines.flatMap((line) => line.holds), ...sourcingHolds(covered.plan, policy)];
  await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
  await keepValidation(tx, order, asked, now);
  return rows.map((row) => done(context, row));
}

const hasNumber = (number: number) => (line: ResolvedLine) => line.lineNumber === number;

/** Why a line is not added, or is to be ordered by itself; null where it can be added. */
function whyNot(context: LineChangeContext): string | null {
  const { order, change, lines, rules } = context;
  const status = orderStatus(order, lines);
  const judged = rules.judge('add-line', 'header', status);
  if (judged.verdict === 'disallow' || judged.verdict === 'ignore')
    return refusalText('add-line', status, 'the order', judged);
  if (change.line.destinations !== undefined || change.line.schedules !== undefined)
    return 'a line for several locations or deliveries cannot be added: send it as an order of its own';
  if (order.blanket_id !== null)
    return 'a line cannot be added to a release: call it off the blanket order with another one';
  if (order.type === 'sample') return 'nothing can be added to a sample: order another one';
  return null;
}

async function supplied(
  tx: Tx,
  context: LineChangeContext,
  lines: readonly ResolvedLine[],
  facts: LineFacts,
): Promise<Covered> {
  const { order, policy } = context;
  const terms = { policy, currency: order.currency, date: pricedOn(order), stated: order.po_date };
  const planOf = (wanted: readonly ResolvedLine[]) => planForChange(tx, context, demandsOf(wanted), wanted);
  const plan = await planOf(lines);
  return standInItems(lines, facts).length === 0
    ? { lines, plan, decisions: [] }
    : coverShortages(lines, plan, facts, terms, planOf);
}

async function writeAdded(
  tx: Tx,
  { order, customer, now }: LineChangeContext,
  { lines, plan, decisions }: Covered,
): Promise<readonly OrderLineRow[]> {
  const when = { zone: customer.entity_time_zone, now };
  const reservedOf = (line: ResolvedLine) =>
    plan.allocations
      .filter(({ lineNumber }) => lineNumber === line.lineNumber)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const rows = (await tx('order_line')
    .insert(lines.map((line) => ({ ...lineColumns(line, order.id, reservedOf(line), when), queued_at: now })))
    .returning('*')) as OrderLineRow[];
  await takeForChange(tx, order, plan, new Map(rows.map((row) => [row.line_number, row.id])), now);
  await recordDecisions(
    tx,
    decisions.map((one) => ({ ...one, orderId: order.id, decidedAt: now, decidedBy: 'hub' })),
  );
  return rows;
}
