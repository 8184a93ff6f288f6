import { z } from 'zod';
import {
  type MatrixCells,
  modificationLevels,
  modificationStatuses,
  modificationTypes,
  verdicts,
} from '../../domain/order/modification-matrix';
import type { Rule } from './rule-kind';
import { ruleKind } from './rule-kind';
import { whoseScope, whoseScopeIs } from './whose';

const body = z.strictObject({
  cells: z
    .array(
      z.strictObject({
        type: z.enum(modificationTypes),
        level: z.enum(modificationLevels),
        statuses: z.array(z.enum(modificationStatuses)).min(1).max(modificationStatuses.length),
        verdict: z.enum(verdicts),
      }),
    )
    .min(1)
    .max(500),
});

/** A cell that one rule decides twice would be decided by its place in a list. */
function twice({ scope, body: { cells } }: Rule<{ readonly cells: readonly MatrixCells[] }>): string[] {
  const seen = new Set<string>();
  return cells.flatMap(({ type, level, statuses }) =>
    statuses.flatMap((status) => {
      const cell = `${type}, ${level}, ${status}`;
      if (seen.has(cell)) return [`${scope}: the cell (${cell}) is decided twice`];
      seen.add(cell);
      return [];
    }),
  );
}

export const modificationRule = ruleKind({
  kind: 'modification',
  title: 'What may be changed',
  about:
    'Which changes of an order are allowed at which status: allow, recall (allowed once warehouses have given back what they have), disallow, or ignore (passed over, the rest is done). A rule names the cells of the table (type, level, status) that it decides otherwise than delivered; the others stay.',
  scopeIs: whoseScopeIs,
  scope: whoseScope,
  body,
  example: {
    cells: [
      { type: 'price', level: 'line', statuses: ['confirmed', 'released'], verdict: 'disallow' },
      { type: 'ship-to', level: 'header', statuses: ['released'], verdict: 'disallow' },
    ],
  },
  check: (rules) => rules.flatMap(twice),
});
