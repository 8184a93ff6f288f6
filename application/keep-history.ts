import type { Db } from '../db/connection';

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
  if (events.length === 0) return;
  await db('order_event')
    .insert(
      events.map((event) => ({
        order_id: event.orderId,
        at: event.at,
        kind: event.kind,
        actor: event.actor,
        text: event.text,
        data: JSON.stringify(event.data ?? {}),
        dedupe_key: event.once ?? null,
      })),
    )
    .onConflict(db.raw('(order_id, dedupe_key) where dedupe_key is not null') as never)
    .ignore();
}

export interface Decision {
  readonly orderId: string;
  readonly kind:
    | 'price'
    | 'credit'
    | 'allocation'
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
  if (decisions.length === 0) return;
  await db('decision').insert(
    decisions.map((decision) => ({
      order_id: decision.orderId,
      kind: decision.kind,
      rule: decision.rule,
      rule_version: decision.ruleVersion,
      inputs: JSON.stringify(decision.inputs),
      outcome: JSON.stringify(decision.outcome),
      decided_at: decision.decidedAt,
      decided_by: decision.decidedBy,
    })),
  );
}
