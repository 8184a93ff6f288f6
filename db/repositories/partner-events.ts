import type { Db } from '../connection';
import { toJson } from '../json';

/** What was decided about a partner: set up, suspended or resumed, given a key, a guide assigned or taken away. */
export interface PartnerEvent {
  readonly partnerId: string;
  readonly kind: 'set-up' | 'status' | 'key' | 'guide';
  /** A person. */
  readonly by: string;
  /** Instant. */
  readonly at: string;
  readonly detail: Readonly<Record<string, string | null>>;
}

/** In the transaction of the change itself, so that neither is there without the other. */
export async function keepPartnerEvent(db: Db, event: PartnerEvent): Promise<void> {
  await db('partner_event').insert({
    partner_id: event.partnerId,
    kind: event.kind,
    done_by: event.by,
    done_at: event.at,
    detail: toJson(event.detail),
  });
}
