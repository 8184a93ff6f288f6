import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { demoFolder } from '../demo-data';

/** What happens in a scenario, in order. Everything is done from outside: by a partner, a person or a system's switch. */
const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('order'), order: z.unknown() }),
  z.strictObject({ do: z.literal('change'), change: z.unknown() }),
  z.strictObject({ do: z.literal('raw'), segments: z.array(z.array(z.string())) }),
  z.strictObject({ do: z.literal('again') }),
  z.strictObject({
    do: z.literal('order-by-api'),
    person: z.string(),
    order: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    do: z.literal('decide'),
    person: z.string(),
    hold: z.string(),
    action: z.enum(['release', 'reject']),
    reason: z.string(),
  }),
  /** What a store's person does with the order's task, one step after the other. */
  z.strictObject({
    do: z.literal('work-at-store'),
    person: z.string(),
    steps: z.array(z.enum(['accept', 'pick', 'pack', 'ship', 'hand-over'])),
  }),
  z.strictObject({ do: z.literal('await-acknowledgment') }),
  z.strictObject({ do: z.literal('await-document'), set: z.string(), code: z.string().optional() }),
  z.strictObject({
    do: z.literal('receive'),
    nodeId: z.string(),
    itemId: z.string(),
    quantity: z.int().positive(),
    /** Goes on only when the hub has the goods on its shelf. */
    wait: z.boolean().default(true),
  }),
  z.strictObject({ do: z.literal('short'), itemId: z.string(), shortBy: z.int().positive() }),
  z.strictObject({ do: z.literal('faults'), system: z.string(), faults: z.record(z.string(), z.unknown()) }),
  z.strictObject({ do: z.literal('clear-faults'), system: z.string() }),
  z.strictObject({ do: z.literal('pause'), ms: z.int().positive() }),
]);
export type Step = z.infer<typeof step>;

const scenario = z.strictObject({
  id: z.string(),
  title: z.string(),
  partner: z.string(),
  /** Plays when all others are over: it disturbs a system that they share. */
  alone: z.boolean().default(false),
  steps: z.array(step),
  /** What the partner expects to get: see partner/compare. */
  expected: z.record(z.string(), z.unknown()).optional(),
  /** What the hub's own record must say; null: there must be no order. */
  order: z
    .strictObject({
      state: z.string(),
      total: z.string().optional(),
      holds: z.array(z.tuple([z.string(), z.string()])).default([]),
    })
    .nullable(),
});
export type Scenario = z.infer<typeof scenario>;

export function readScenarios(): readonly Scenario[] {
  const folder = join(demoFolder, 'scenarios');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => scenario.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}
