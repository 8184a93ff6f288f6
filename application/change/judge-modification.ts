import type { Tx } from '../../db/connection';
import {
  type Judgement,
  judgeModification,
  type ModificationLevel,
  type ModificationStatus,
  type ModificationType,
  type ScopedCells,
} from '../../domain/order/modification-matrix';
import type { OrderChangeLine, OrderChangeRequest } from '../../domain/order/order-request';
import { typeOfDate } from '../../domain/order/requested-days';
import { isFinal } from '../../domain/order/states';
import { compareDecimals } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { withParts } from '../order/line-parts';
import { type OrderLineRow, type OrderRow, readLines } from '../order/order-record';
import { modificationRule } from '../rules/modification';
import { readRules } from '../rules/rules';
import { scopesOf } from '../rules/whose';
import { matchLine } from './match-lines';
import { wantedOf } from './wanted-change';

/** The table of what may be changed, as it is for one order. */
export interface ChangeRules {
  judge(type: ModificationType, level: ModificationLevel, status: ModificationStatus): Judgement;
}

export async function readChangeRules(
  tx: Tx,
  order: Pick<OrderRow, 'customer_id' | 'partner_id'>,
): Promise<ChangeRules> {
  const rules = await readRules(tx, modificationRule);
  const own: ScopedCells[] = scopesOf(order.customer_id, order.partner_id).flatMap((scope) =>
    rules
      .filter((rule) => rule.scope === scope)
      .map((rule) => ({ scope, version: rule.version, cells: rule.body.cells })),
  );
  return { judge: (type, level, status) => judgeModification(own, type, level, status) };
}

const beginning = (order: Pick<OrderRow, 'state'>): ModificationStatus =>
  order.state === 'placed' || order.state === 'held' ? order.state : 'confirmed';

export function orderStatus(
  order: Pick<OrderRow, 'state'>,
  lines: readonly Pick<OrderLineRow, 'released' | 'shipped'>[],
): ModificationStatus {
  if (isFinal(order.state)) return 'closed';
  if (lines.some((line) => line.released > 0)) return 'released';
  return lines.some((line) => line.shipped > 0) ? 'shipped' : beginning(order);
}

export function lineStatus(
  order: Pick<OrderRow, 'state'>,
  line: Pick<OrderLineRow, 'rejection_code' | 'ordered' | 'cancelled' | 'released' | 'shipped'>,
): ModificationStatus {
  const isClosed =
    isFinal(order.state) || line.rejection_code !== null || line.ordered - line.cancelled === line.shipped;
  if (isClosed) return 'closed';
  if (line.released > 0) return 'released';
  return line.shipped > 0 ? 'shipped' : beginning(order);
}

export const levelOf = (line: OrderLineRow, parts: number): ModificationLevel =>
  line.destination !== null || parts > 1 ? 'schedule' : 'line';

/** What an 860's line asks for, in the words of the table; nothing where it repeats what is. */
export function askedOf(change: OrderChangeLine, existing: OrderLineRow): readonly ModificationType[] {
  if (change.kinds.includes('delete')) return ['delete-line'];
  const wanted = wantedOf(change, existing);
  const types: ModificationType[] = [];
  if (wanted.quantity !== undefined) {
    const inUnit = { [existing.unit]: existing.unit_factor };
    const has = fromBaseUnits(existing.ordered - existing.cancelled, existing.unit, inUnit);
    const more = compareDecimals(wanted.quantity, has);
    if (more !== 0) types.push(more > 0 ? 'quantity-up' : 'quantity-down');
  }
  if (wanted.price !== undefined) types.push('price');
  for (const { qualifier, date } of wanted.dates ?? []) {
    const type = typeOfDate(qualifier);
    const same = existing.dates.some((one) => one.qualifier === qualifier && one.date === date);
    if (type !== undefined && !same && !types.includes(type)) types.push(type);
  }
  return types;
}

const words: Readonly<Record<ModificationType, string>> = {
  cancel: 'a cancellation',
  'quantity-up': 'a higher quantity',
  'quantity-down': 'a lower quantity',
  price: 'another price',
  'requested-date': 'another delivery date',
  'ship-not-before': 'another first day of shipping',
  'cancel-after': 'another last day',
  'ship-to': 'another ship-to',
  routing: 'another routing',
  'add-line': 'a further line',
  'delete-line': 'the deletion of a line',
  references: 'a reference',
  notes: 'a note',
  hold: 'a hold',
  unhold: 'the end of a hold',
  'payment-terms': 'other terms of payment',
};

const statusWords: Readonly<Record<ModificationStatus, string>> = {
  placed: 'not answered yet',
  held: 'on hold',
  confirmed: 'confirmed',
  released: 'released to a warehouse',
  shipped: 'shipped in part',
  closed: 'closed',
};

export const refusalText = (
  type: ModificationType,
  status: ModificationStatus,
  what: string,
  { rule }: Judgement,
) => `${what} is ${statusWords[status]}: ${words[type]} is not allowed then (${rule})`;

export const ignoredText = (type: ModificationType, { rule }: Judgement) =>
  `${words[type]} is passed over (${rule})`;

/**
 * The table of what may be changed speaks of holds by hand too: of putting one on, and of lifting it. Of a shipment's
 * hold it does not: its stage speaks for itself. The caller has locked the order.
 */
export async function whyNotByHand(
  tx: Tx,
  order: OrderRow,
  lineNumber: number | null,
  type: 'hold' | 'unhold',
): Promise<string | null> {
  const rules = await readChangeRules(tx, order);
  const lines = await readLines(tx, order.id);
  const line = lines.find((one) => one.line_number === lineNumber);
  const level = line === undefined ? 'header' : levelOf(line, withParts(lines, [line]).length);
  const status = line === undefined ? orderStatus(order, lines) : lineStatus(order, line);
  const judged = rules.judge(type, level, status);
  if (judged.verdict !== 'disallow' && judged.verdict !== 'ignore') return null;
  return refusalText(type, status, line === undefined ? 'the order' : `line ${line.line_number}`, judged);
}

/** Kinds of a change of the order's head that take effect on goods which are under way. */
const movesGoods: readonly ModificationType[] = ['ship-to', 'requested-date', 'ship-not-before', 'routing'];

/** Lines of which warehouses have to give back what they have, by the rules; what a rule forbids needs nothing back. */
export function linesToTakeBack(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  request: OrderChangeRequest,
  rules: ChangeRules,
  head: readonly ModificationType[],
): readonly OrderLineRow[] {
  const whole = orderStatus(order, lines);
  const recalls = (type: ModificationType, level: ModificationLevel, status: ModificationStatus) =>
    rules.judge(type, level, status).verdict === 'recall';
  if (request.purpose === 'cancel' && request.lines.length === 0)
    return recalls('cancel', 'header', whole) ? lines : [];
  if (head.some((type) => movesGoods.includes(type) && recalls(type, 'header', whole))) return lines;
  return request.lines.flatMap((change) => {
    const line = matchLine(lines, change);
    if (!line) return [];
    const parts = withParts(lines, [line]);
    const level = levelOf(line, parts.length);
    const types =
      request.purpose === 'cancel'
        ? (['cancel'] as const)
        : askedOf(change, line).filter((type) => level !== 'schedule' || type === 'delete-line');
    return parts.filter((part) => types.some((type) => recalls(type, level, lineStatus(order, part))));
  });
}
