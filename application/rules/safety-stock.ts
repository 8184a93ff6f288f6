import { z } from 'zod';
import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { readSafetyScope } from '../../domain/allocation/safety-stock';
import { unknownItems } from './item-scope';
import { ruleKind } from './rule-kind';

export const safetyStockRule = ruleKind({
  kind: 'safety-stock',
  title: 'Safety stock',
  about:
    'Units of an item that are promised to nobody at a node. What is reserved already stays reserved; a smaller safety stock goes to those who wait. Where no rule speaks, the figure of the stock level itself counts.',
  scopeIs:
    '* for every item, class/NAME for those of a class, item/NUMBER for one item; with " at NODE" behind it for one node ("item/BOLT at CHI"). The most specific one counts: the item before its class, that before everything, and of each the node before all nodes.',
  scope: z
    .string()
    .regex(
      /^(\*|(item|class)\/\S(.{0,78}\S)?)( at \S{1,64})?$/,
      'is *, class/ and a class or item/ and the number of an item, with " at " and a node where it is for that alone',
    ),
  body: z.strictObject({
    units: z.int().min(0).max(1_000_000_000).meta({ description: 'Base units of each item, at each node' }),
  }),
  example: { units: 20 },
  async check(rules, db) {
    const scopes = rules.map(({ scope }) => readSafetyScope(scope));
    const nodes = [...new Set(scopes.flatMap(({ nodeId }) => nodeId ?? []))];
    const known = new Set((await db('node').whereIn('id', nodes).pluck('id')) as string[]);
    return [
      ...(await unknownItems(
        db,
        scopes.flatMap(({ itemId }) => itemId ?? []),
      )),
      ...nodes.filter((node) => !known.has(node)).map((node) => `There is no node ${node}`),
    ];
  },
  /** From its day on those who wait may have what is set free. */
  async saved(tx: Tx, { scope, validFrom }) {
    await addJob(
      tx,
      'look-at-safety-stock',
      { scope },
      { key: `${scope}/${validFrom ?? 'now'}`, ...(validFrom !== null && { runAt: validFrom }) },
    );
  },
});
