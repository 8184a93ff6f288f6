import type { Db } from '../connection';

export interface CreditCaseRow {
  readonly credit_account_id: string;
  readonly risk_class: string | null;
  readonly priority: number;
  readonly currency: string;
  readonly opened: unknown;
  readonly decided: unknown;
  readonly outcome: unknown;
  readonly decision_code: string | null;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string | null;
    readonly description: string | null;
    readonly quantity: string;
    readonly unit: string;
    readonly amountMinor: number;
  }[];
  /** What has come in for the order before its invoice, asked for or not. */
  readonly paid_minor: number;
  readonly prepayment: {
    readonly id: string;
    readonly amountMinor: number;
    readonly requestedBy: string;
    readonly requestedAt: string;
    readonly expiresAt: string;
    readonly status: 'open' | 'paid' | 'expired' | 'withdrawn';
    readonly reason: string;
  } | null;
  readonly notes: readonly {
    readonly id: string;
    readonly at: string;
    readonly person: string;
    readonly text: string;
  }[];
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What the case of a credit hold adds to the hold and its order. */
export async function findCreditCase(db: Db, holdId: string): Promise<CreditCaseRow | undefined> {
  const { rows } = await db.raw<{ rows: CreditCaseRow[] }>(
    `select c.credit_account_id, a.risk_class, coalesce((k.policy ->> 'backorderPriority')::int, 5) as priority, o.currency,
       c.opened, c.decided, c.outcome, c.decision_code,
       coalesce((select jsonb_agg(jsonb_build_object('lineNumber', l.line_number, 'itemId', l.item_id, 'description', l.description,
           'quantity', trim_scale(l.quantity)::text, 'unit', l.unit, 'amountMinor', l.amount_minor) order by l.line_number)
         from (select * from order_line where order_id = o.id and rejection_code is null and ordered > cancelled order by line_number limit 1000) l), '[]') as lines,
       coalesce((select sum(e.amount_minor) from cash_entry e where e.order_id = o.id and e.kind = 'prepayment'), 0)::bigint as paid_minor,
       (select jsonb_build_object('id', p.id, 'amountMinor', p.amount_minor, 'requestedBy', p.requested_by, 'requestedAt', ${instant('p.requested_at')},
           'expiresAt', ${instant('p.expires_at')}, 'status', case when p.status = 'open' and (select status from hold where id = p.hold_id) <> 'open' then 'withdrawn' else p.status end, 'reason', p.reason)
         from prepayment_request p where p.order_id = o.id order by p.id desc limit 1) as prepayment,
       coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'at', ${instant('n.at')}, 'person', n.person, 'text', n.text) order by n.id)
         from credit_case_note n where n.hold_id = c.hold_id), '[]') as notes
     from credit_case c join orders o on o.id = c.order_id join customer k on k.id = o.customer_id join credit_account a on a.id = c.credit_account_id
     where c.hold_id = ?`,
    [holdId],
  );
  return rows[0];
}
