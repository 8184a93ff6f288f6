import type { Knex } from 'knex';

/**
 * The jobs of the hub. A job only wakes: its handler drains the subject's oldest unfinished rows under a row lock and
 * stops at the first that must wait, so a job that runs twice, late or out of order does no harm.
 */
export interface Jobs {
  'start-order-workflow': { readonly orderId: string };
  'signal-order': { readonly orderId: string };
  /** A buyer is told something by mail or webhook: one receiver. */
  'send-notice': { readonly noticeId: string };
  /** What the order waits for is expected for another day. */
  'tell-promise': { readonly orderId: string };
  /** A node was closed: orders with stock there are sourced again. */
  'leave-closed-nodes': { readonly nodeId: string };
  /** A rule of safety stock counts from now on: those who wait look again. */
  'look-at-safety-stock': { readonly scope: string };
  /** A payment or a new limit: the ERP is asked for the account's open items. */
  'refresh-receivables': { readonly creditAccountId: string };
  /** Credit may have come free in the account's family: its held orders are looked at in the order of their queue. */
  'recheck-credit': { readonly creditAccountId: string };
  /** A supplier's invoice is owed. */
  'post-supplier-invoice': { readonly invoiceId: string };
  /** A shipment that had a label was taken back. */
  'void-label': { readonly shipmentId: string };
  'work-order-requests': { readonly partnerId: string; readonly purchaseOrderNumber: string };
  /** What a partner sent besides orders. */
  'work-received-content': { readonly partnerId: string };
  'judge-interchange': { readonly interchangeId: string };
  'render-documents': { readonly agreementId: string };
  'send-interchanges': { readonly channelId: string };
  'poll-sftp': { readonly channelId: string };
  /** An asynchronous MDN that a partner waits for. */
  'send-as2-receipt': { readonly receiptId: string };
}
export type JobName = keyof Jobs;

/**
 * Smaller goes first; 0 where nothing is said. Partners wait for their acknowledgements, and a flood of orders that are
 * still to be placed must not delay them.
 */
const priorities: { readonly [N in JobName]?: number } = {
  'judge-interchange': -20,
  'render-documents': -10,
};

/**
 * Adds a job in the caller's transaction: it is there if and only if the rows it speaks of are.
 * @param key one job a subject: adding it again while it waits replaces it
 */
export async function addJob<N extends JobName>(
  db: Knex,
  name: N,
  payload: Jobs[N],
  options: { readonly key: string; readonly runAt?: string; readonly maxAttempts?: number },
): Promise<void> {
  await db.raw(
    'select graphile_worker.add_job(?, payload => ?::json, run_at => ?::timestamptz, job_key => ?, max_attempts => ?, priority => ?)',
    [
      name,
      JSON.stringify(payload),
      options.runAt ?? null,
      `${name}/${options.key}`,
      options.maxAttempts ?? 25,
      priorities[name] ?? 0,
    ],
  );
}

export interface JobToAdd<N extends JobName> {
  readonly payload: Jobs[N];
  readonly key: string;
}

/** As `graphile_worker.job_spec`. Ordered by key, so that two callers never wait for each other crosswise. */
export function jobSpecs<N extends JobName>(
  name: N,
  jobs: readonly JobToAdd<N>[],
): readonly { readonly job_key: string }[] {
  return jobs
    .map(({ payload, key }) => ({
      identifier: name,
      payload,
      max_attempts: 25,
      job_key: `${name}/${key}`,
      priority: priorities[name] ?? 0,
    }))
    .sort((a, b) => (a.job_key < b.job_key ? -1 : 1));
}

/**
 * The same in SQL, for a write that learns only in the database whom its job is for.
 * @param payload SQL of a jsonb value; @param key SQL of a text
 */
export function wantedJob(name: JobName, payload: string, key: string): string {
  return `jsonb_build_object('identifier', '${name}', 'payload', ${payload}, 'max_attempts', 25,
    'job_key', '${name}/' || ${key}, 'priority', ${priorities[name] ?? 0})`;
}
