import type { Db, Tx } from '../../db/connection';
import {
  type ModificationLevel,
  type ModificationStatus,
  modificationTypes,
} from '../../domain/order/modification-matrix';
import { withParts } from '../order/line-parts';
import { type OrderRow, readLines, UnknownRecord } from '../order/order-record';
import { levelOf, lineStatus, orderStatus, readChangeRules } from './judge-modification';

/** What may be changed on an order now: the table of what may be changed, read at the order's and its lines' statuses. */
export async function readAllowedChanges(db: Db, orderId: string) {
  const order = (await db('orders').where({ id: orderId }).first()) as OrderRow | undefined;
  if (!order) throw new UnknownRecord('order', orderId);
  const lines = await readLines(db, orderId);
  const rules = await readChangeRules(db as Tx, order);
  const cells = (level: ModificationLevel, status: ModificationStatus) =>
    modificationTypes.map((type) => ({ type, ...rules.judge(type, level, status) }));
  const status = orderStatus(order, lines);
  return {
    status,
    header: cells('header', status),
    lines: lines.map((line) => {
      const level = levelOf(line, withParts(lines, [line]).length);
      const own = lineStatus(order, line);
      return { lineNumber: line.line_number, level, status: own, types: cells(level, own) };
    }),
  };
}
