import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';

/** Who set or removed a limit or budget of a buyer's company: kept in the transaction that does it. */
export async function keepSettingEvent(
  tx: Tx,
  event: {
    readonly customerId: string;
    readonly kind: 'limit-set' | 'limit-removed' | 'budget-set' | 'budget-removed';
    /** The person, or the cost centre. */
    readonly subject: string;
    readonly detail: Readonly<Record<string, unknown>>;
    readonly reason?: string;
    readonly by: string;
    readonly at: string;
  },
): Promise<void> {
  await tx('buyer_setting_event').insert({
    customer_id: event.customerId,
    kind: event.kind,
    subject: event.subject,
    detail: toJson(event.detail),
    reason: event.reason ?? null,
    done_by: event.by,
    done_at: event.at,
  });
}
