import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
