import type { Tx } from '../../db/connection';
import { isFurtherComponent } from '../../domain/order/line-supply';
import type { RequestDate } from '../../domain/order/order-request';
import { compareDecimals, scaleDecimal } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import { amountOf } from '../order/give-up-lines';
import { headNumber, type OrderLineRow, waitingUnits } from '../order/order-record';
import { giveBackStock } from '../stock/take-stock';
import { lineStatus, refusalText } from './judge-modification';
import { type LineChangeContext, readChangedFacts, resolveChangedLine } from './line-change-context';
import { done, type LineOutcome, refused } from './line-outcome';
import { replaceLine, requestOf } from './replace-line';
import { keepValidation } from './validate-change';
import type { Wanted } from './wanted-change';

/**
 * A change of a line of which something else is supplied than was ordered: the components of a bundle, a substitute, a
 * successor. It becomes less, all components alike, as far as nothing of that is at the warehouse or gone; where it is
 * supplied in several ways, by what was not ordered so. More of it,
 * or another price or day, is a line of its own: what would be supplied then, at which price, is to be found anew.
 */
export async function changeSupplied(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  wanted: Wanted,
): Promise<LineOutcome> {
  const { order, rules, parts = [line] } = context;
  const number = line.buyer_line_number ?? String(line.split_from ?? line.line_number);
  const whole = sumQuantities(
    parts.filter(({ supply }) => !isFurtherComponent(supply)).map(({ quantity }) => quantity),
  );
  const { quantity = whole, price } = wanted;
  const isSame = compareDecimals(quantity, whole) === 0;
  const otherDays = wanted.dates !== undefined && !isSameDays(wanted.dates, line.dates);
  if (isSame && price === undefined && !otherDays) return done(context, line);
  const anew = `line ${number} is supplied as ${wordsOf(parts)}: it can become less or be deleted; order what else is wanted as a line of its own`;
  if (price !== undefined || otherDays || compareDecimals(quantity, whole) > 0)
    return refused(context, line, anew);
  const status = lineStatus(order, asOne(parts));
  const judged = rules.judge('quantity-down', 'line', status);
  if (judged.verdict === 'disallow' || judged.verdict === 'ignore')
    return refused(context, line, refusalText('quantity-down', status, `line ${number}`, judged));
  const makes = makesOf(parts);
  if (makes === null) return refused(context, line, anew);
  const gone = [...makes.values()].reduce((sum, make) => sum + make.gone, 0);
  const units = Number(scaleDecimal(quantity, 1, 1));
  if (!Number.isInteger(units))
    return refused(context, line, `${quantity} of line ${number} are not whole ones`);
  if (units < gone)
    return refused(
      context,
      line,
      `${gone} of line ${number} are at the warehouse or gone, so it cannot become ${quantity}`,
    );
  if (units === 0) return replaceLine(tx, context, line, { quantity: '0' });
  const asked = requestOf(line, { quantity });
  const facts = await readChangedFacts(tx, context, [asked]);
  const resolved = resolveChangedLine(context, facts, asked, headNumber(line));
  const refusing = resolved.findings.filter(({ outcome }) => outcome === 'reject');
  if (refusing.length > 0) return refused(context, line, refusing.map(({ text }) => text).join('; '));
  // Where whole packs were agreed on it becomes less by whole packs.
  const packed = Number(resolved.request.quantity);
  if (compareDecimals(resolved.request.quantity, whole) > 0) return refused(context, line, anew);
  const outcome = await lessen(tx, context, line, unitsLeft(makes, packed).get(makeOf(line)) ?? 0);
  // Of a line in several its first one speaks for all of them.
  if (line.split_from === null) await keepValidation(tx, context.order, resolved, context.now);
  return outcome;
}

/** Where a line stands with all that is supplied for it, also with what is no longer. */
function asOne(parts: readonly OrderLineRow[]) {
  const sum = (of: (one: OrderLineRow) => number) => parts.reduce((all, one) => all + of(one), 0);
  return {
    rejection_code: null,
    ordered: sum(({ ordered }) => ordered),
    cancelled: sum(({ cancelled }) => cancelled),
    released: sum(({ released }) => released),
    shipped: sum(({ shipped }) => shipped),
  };
}

/** What of a line is supplied alike: bundles of the same components, or one item. In units as they were ordered. */
interface Make {
  readonly units: number;
  /** At the warehouse, or left. */
  readonly gone: number;
  readonly waiting: number;
}

const makeOf = ({ id, supply }: OrderLineRow) => (supply?.kind === 'component' ? supply.key : id);

/** null: what of it goes where, comes when or was given up before, only the buyer could say. */
function makesOf(parts: readonly OrderLineRow[]): ReadonlyMap<string | number, Make> | null {
  const groups = Map.groupBy(parts, makeOf);
  const days = new Set(parts.map(({ dates }) => JSON.stringify(dates)));
  const isDivided = parts.some(({ destination }) => destination !== null) || days.size > 1;
  if (groups.size > 1 && (isDivided || parts.some(({ cancelled }) => cancelled > 0))) return null;
  const most = (group: readonly OrderLineRow[], of: (one: OrderLineRow) => number) =>
    Math.max(...group.map((one) => Math.ceil(of(one) / one.unit_factor)));
  return new Map(
    [...groups].map(([make, group]) => [
      make,
      {
        units: most(group, ({ ordered }) => ordered),
        gone: most(group, ({ released, shipped }) => released + shipped),
        waiting: most(group, waitingUnits),
      },
    ]),
  );
}

/** Of several makes what nobody has comes off first, then what comes instead of what was ordered, which is the last. */
function unitsLeft(
  makes: ReadonlyMap<string | number, Make>,
  wanted: number,
): ReadonlyMap<string | number, number> {
  const left = new Map([...makes].map(([make, { units }]) => [make, units]));
  let less = [...left.values()].reduce((sum, units) => sum + units, 0) - wanted;
  const lower = (atMost: (make: Make) => number) => {
    for (const [key, make] of [...makes].reverse()) {
      const has = left.get(key) ?? 0;
      const off = Math.max(0, Math.min(less, atMost(make), has - make.gone));
      left.set(key, has - off);
      less -= off;
    }
  };
  lower(({ waiting }) => waiting);
  lower(({ units }) => units);
  return left;
}

/** Whoever sends a line anew repeats its days. */
function isSameDays(asked: readonly RequestDate[], had: readonly RequestDate[]): boolean {
  const said = (days: readonly RequestDate[]) =>
    days
      .map(({ qualifier, date }) => `${qualifier} ${date}`)
      .sort()
      .join();
  return said(asked) === said(had);
}

/** The caller has locked the stock of every line of the order. */
async function lessen(
  tx: Tx,
  context: LineChangeContext,
  line: OrderLineRow,
  units: number,
): Promise<LineOutcome> {
  const { order } = context;
  const ordered = units * line.unit_factor;
  const needed = ordered - line.released - line.shipped;
  const given = line.reserved > needed ? await giveBackStock(tx, order, line.id, line.reserved - needed) : 0;
  const [row] = (await tx('order_line')
    .where({ id: line.id })
    .update({
      quantity: String(units),
      requested_quantity: null,
      ordered,
      cancelled: 0,
      cancel_code: null,
      reserved: line.reserved - given,
      amount_minor: amountOf(line, ordered, order.currency),
    })
    .returning('*')) as OrderLineRow[];
  return done(context, row as OrderLineRow);
}

function wordsOf(parts: readonly OrderLineRow[]): string {
  const supplied = parts.find(({ supply }) => supply !== null);
  return supplied?.supply?.kind === 'component'
    ? `the components of ${supplied.supply.bundle}`
    : (supplied?.item_id ?? 'another item');
}
