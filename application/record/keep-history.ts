import type { Db } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';

export interface OrderEvent {
  readonly orderId: string;
  readonly at: string;
  readonly kind: string;
  /** A person, `partner:<id>`, `warehouse:<id>` or `hub`. */
  readonly actor: string;
  /** One sentence for the timeline. */
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** The same step told twice is one entry. */
  readonly once?: string;
}

export async function recordEvents(db: Db, events: readonly OrderEvent[]): Promise<void> {
  if (events.length > 0) await addEvents(new WriteTogether(), events).run(db);
}

/** The same as part of a statement that writes more. */
export function addEvents(together: WriteTogether, events: readonly OrderEvent[]): WriteTogether {
  const rows = events.map((event) => ({
    order_id: event.orderId,
    at: event.at,
    kind: event.kind,
    actor: event.actor,
    text: event.text,
    data: event.data ?? {},
    dedupe_key: event.once ?? null,
  }));
  return together.insert(
    'order_event',
    ['order_id', 'at', 'kind', 'actor', 'text', 'data', 'dedupe_key'],
    rows,
    'on conflict (order_id, dedupe_key) where dedupe_key is not null do nothing',
  );
}

export interface Decision {
  readonly orderId: string;
  readonly kind:
    | 'price'
    | 'promotion'
    | 'credit'
    | 'allocation'
    | 'substitution'
    | 'validation'
    | 'approval'
    | 'change'
    | 'carrier'
    | 'billing';
  readonly rule: string;
  readonly ruleVersion: string;
  readonly inputs: unknown;
  readonly outcome: unknown;
  readonly decidedAt: string;
  readonly decidedBy: string;
}

/** Every decision is kept with its inputs, rule and version, so that it can be shown and run again. */
export async function recordDecisions(db: Db, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length > 0) await addDecisions(new WriteTogether(), decisions).run(db);
}

/** The same as part of a statement that writes more. */
export function addDecisions(together: WriteTogether, decisions: readonly Decision[]): WriteTogether {
  const rows = decisions.map((decision) => ({
    order_id: decision.orderId,
    kind: decision.kind,
    rule: decision.rule,
    rule_version: decision.ruleVersion,
    inputs: decision.inputs,
    outcome: decision.outcome,
    decided_at: decision.decidedAt,
    decided_by: decision.decidedBy,
  }));
  return together.insert(
    'decision',
    ['order_id', 'kind', 'rule', 'rule_version', 'inputs', 'outcome', 'decided_at', 'decided_by'],
    rows,
  );
}
