import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeTaskTransitions } from '../../domain/fulfilment/store-task';
import { supplierInvoiceTransitions, supplierOrderTransitions } from '../../domain/fulfilment/supplier-order';
import { noticeTransitions } from '../../domain/order/notices';
import { orderTypes, unplacedTransitions } from '../../domain/order/order-types';
import {
  changeTransitions,
  holdTransitions,
  orderTransitions,
  shipmentTransitions,
} from '../../domain/order/states';

const core = '0001-core';
const machines: Record<
  string,
  { table: Record<string, readonly string[]>; start: string; check: string; migration: string }
> = {
  order: { table: orderTransitions, start: 'placed', check: 'orderStates', migration: core },
  shipment: { table: shipmentTransitions, start: 'planned', check: 'shipmentStates', migration: core },
  hold: { table: holdTransitions, start: 'open', check: 'holdStatuses', migration: core },
  change: {
    table: changeTransitions,
    start: 'pending',
    check: 'changeStatuses',
    migration: '0022-pending-changes',
  },
  'supplier order': {
    table: supplierOrderTransitions,
    start: 'sent',
    check: 'states',
    migration: '0039-supplier-orders',
  },
  'invoice of a supplier': {
    table: supplierInvoiceTransitions,
    start: 'mismatch',
    check: 'supplierInvoiceStates',
    migration: '0043-supplier-invoice-posting',
  },
  'store task': {
    table: storeTaskTransitions,
    start: 'offered',
    check: 'storeTaskStates',
    migration: '0037-store-tasks',
  },
  notice: { table: noticeTransitions, start: 'waiting', check: 'noticeStates', migration: '0044-notices' },
};

function reachable(table: Record<string, readonly string[]>, start: string): Set<string> {
  const seen = new Set([start]);
  for (const state of seen) for (const next of table[state] ?? []) seen.add(next);
  return seen;
}

describe.each(Object.entries(machines))(
  'the states of an %s',
  (_name, { table, start, check, migration: name }) => {
    test('are all reached from the first one', () => {
      expect([...reachable(table, start)].sort()).toEqual(Object.keys(table).sort());
    });

    test('lead to states that exist, and each can end', () => {
      for (const [state, next] of Object.entries(table)) {
        expect(next.filter((to) => !(to in table))).toEqual([]);
        expect([...reachable(table, state)].some((s) => table[s]?.length === 0)).toBe(true);
      }
    });

    test('are the ones that the database lets in', () => {
      const migration = readFileSync(join(__dirname, `../../db/migrations/${name}.ts`), 'utf8');
      const listed = new RegExp(`const ${check} = \\[([^\\]]*)\\]`).exec(migration)?.[1] ?? '';
      expect(listed.match(/[a-z-]+/g)?.sort()).toEqual(Object.keys(table).sort());
    });
  },
);

const unplaced = () =>
  readdirSync(join(__dirname, '../../db/migrations'))
    .filter((name) => name.endsWith('-unplaced-orders.ts'))
    .map((name) => readFileSync(join(__dirname, '../../db/migrations', name), 'utf8'))
    .join();
const listedIn = (check: RegExp) => (check.exec(unplaced())?.[1] ?? '').match(/[a-z-]+/g)?.sort();

describe('drafts and quotes', () => {
  test('their states can end, are reached, and are the ones that the database lets in', () => {
    const from = (start: string) => [...reachable(unplacedTransitions, start)];
    expect([...new Set([...from('open'), ...from('requested')])].sort()).toEqual(
      Object.keys(unplacedTransitions).sort(),
    );
    expect(listedIn(/check \(state in \(([^)]*)\)/)).toEqual(Object.keys(unplacedTransitions).sort());
  });

  test('types of the record are those that the database lets in; only a blanket order takes no stock', () => {
    const placed = Object.entries(orderTypes).filter(([, rule]) => rule.placed);
    expect(listedIn(/orders_type_check\s+check \(type in \(([^)]*)\)/)).toEqual(
      placed.map(([type]) => type).sort(),
    );
    expect(placed.filter(([, rule]) => !rule.takesStock).map(([type]) => type)).toEqual(['blanket']);
    expect(placed.filter(([, rule]) => !rule.ships).map(([type]) => type)).toEqual(['blanket']);
  });
});
