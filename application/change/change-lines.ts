import type { Tx } from '../../db/connection';
import type { ModificationLevel, ModificationType } from '../../domain/order/modification-matrix';
import { compareDecimals } from '../../domain/shared/money';
import { headNumber, type OrderLineRow } from '../order/order-record';
import { overrideLinePrice } from '../pricing/override-line-price';
import { changeSupplied } from './change-supplied';
import { askedOf, ignoredText, levelOf, lineStatus, refusalText } from './judge-modification';
import type { LineChangeContext } from './line-change-context';
import { done, type LineOutcome, refused, unknownLine } from './line-outcome';
import { replaceLine } from './replace-line';
import { findMisfit, type Wanted, wantedOf } from './wanted-change';

/**
 * One POC: deleted, or its quantity, price and dates replaced; what is added: `addLine`. The caller holds the account's
 * and the stock's locks.
 */
export async function applyLineChange(tx: Tx, context: LineChangeContext): Promise<LineOutcome> {
  const { change, existing, parts = [] } = context;
  if (!existing)
    return refused(
      context,
      unknownLine(context),
      `the order has no line ${change.line.buyerLineNumber ?? change.line.productIds.map((id) => id.value).join(' ')}`,
    );
  if (existing.rejection_code !== null)
    return refused(context, existing, `line ${existing.line_number} was rejected before`);
  if (existing.ordered > 0 && existing.cancelled === existing.ordered)
    return refused(context, existing, `line ${existing.line_number} was cancelled before`);
  if (change.override) return overrideLinePrice(tx, context, existing, change.override);
  const misfit = await findMisfit(tx, context, existing);
  if (misfit !== null) return refused(context, existing, misfit);
  if (parts.some(({ supply }) => supply !== null) && !change.kinds.includes('delete'))
    return changeSupplied(tx, context, existing, wantedOf(change, existing));
  const level = levelOf(existing, parts.length);
  if (level === 'schedule' && !change.kinds.includes('delete')) return changePart(context, existing);
  const ruled = byRule(context, existing, level);
  if (ruled.refusal !== null) return refused(context, existing, ruled.refusal);
  if (change.kinds.includes('delete')) return replaceLine(tx, context, existing, { quantity: '0' });
  const wanted = without(wantedOf(change, existing), ruled.ignored);
  if (ruled.text !== '' && Object.keys(wanted).length === 0)
    return { ...done(context, existing), text: ruled.text };
  if (Object.keys(wanted).length > 0) {
    const outcome = await replaceLine(tx, context, existing, wanted);
    return ruled.text === '' ? outcome : { ...outcome, text: joined(outcome.text, ruled.text) };
  }
  // Listed for completeness (NC), or at the price that it has.
  if (change.changeCode === 'NC' || change.kinds.includes('price')) return done(context, existing);
  return refused(context, existing, `a change of kind ${change.changeCode} has no rule`);
}

const joined = (...texts: readonly string[]) => texts.filter((text) => text !== '').join('; ');

/** What the table of what may be changed says of a line: why not, or what of it is passed over. */
function byRule(
  { order, change, rules }: LineChangeContext,
  line: OrderLineRow,
  level: ModificationLevel,
): { readonly refusal: string | null; readonly ignored: readonly ModificationType[]; readonly text: string } {
  const status = lineStatus(order, line);
  const judged = askedOf(change, line).map((type) => ({ type, by: rules.judge(type, level, status) }));
  const forbidden = judged.filter(({ by }) => by.verdict === 'disallow');
  const ignored = judged.filter(({ by }) => by.verdict === 'ignore');
  return {
    refusal:
      forbidden.length === 0
        ? null
        : joined(
            ...forbidden.map(({ type, by }) => refusalText(type, status, `line ${line.line_number}`, by)),
          ),
    ignored: ignored.map(({ type }) => type),
    text: joined(...ignored.map(({ type, by }) => ignoredText(type, by))),
  };
}

const ofDates: readonly ModificationType[] = ['requested-date', 'ship-not-before', 'cancel-after'];

function without(wanted: Wanted, ignored: readonly ModificationType[]): Wanted {
  const { quantity, price, dates } = wanted;
  const ignores = (...types: readonly ModificationType[]) => types.some((type) => ignored.includes(type));
  return {
    ...(quantity !== undefined && !ignores('quantity-up', 'quantity-down') && { quantity }),
    ...(price !== undefined && !ignores('price') && { price }),
    ...(dates !== undefined && !ignores(...ofDates) && { dates }),
  };
}

/**
 * A line that goes to several places, or comes in several deliveries, is deleted as a whole or stays as it is: what a
 * new quantity would mean for each of them, and for what is on its way, only the buyer knows.
 */
function changePart(context: LineChangeContext, part: OrderLineRow): LineOutcome {
  const { change, parts = [part] } = context;
  const { destinations = [], schedules = [], unitPrice } = change.line;
  const samePrice =
    unitPrice === undefined ||
    (part.unit_price !== null && compareDecimals(unitPrice, part.unit_price) === 0);
  const asked =
    part.destination === null
      ? schedules.find(({ dates }) => JSON.stringify(dates) === JSON.stringify(part.dates))
      : destinations.find(({ id }) => id === part.destination?.party.id);
  const samePart =
    destinations.length + schedules.length === parts.length &&
    asked !== undefined &&
    compareDecimals(asked.quantity, part.quantity) === 0;
  if (samePrice && (samePart || change.changeCode === 'NC')) return done(context, part);
  const number = part.buyer_line_number ?? String(headNumber(part));
  return refused(
    context,
    part,
    `line ${number} ${part.destination === null ? 'comes in' : 'goes to'} ${parts.length} ${part.destination === null ? 'deliveries' : 'locations'}: it can be deleted as a whole and ordered anew, not changed`,
  );
}
