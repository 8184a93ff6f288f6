import type { Db } from '../../db/connection';
import type { JobName, Jobs } from '../../db/jobs';
import type { CarrierPort } from '../../domain/fulfilment/carrier-port';
import type { WarehousePort } from '../../domain/fulfilment/warehouse-port';
import type { ErpPort } from '../../domain/invoicing/erp-port';
import type { NoticePort } from '../../domain/order/notices';
import type { OrderEngine } from '../../workflows/client';

/** What a job works with, given in by the worker. */
export interface JobTools {
  readonly db: Db;
  readonly engine: OrderEngine;
  readonly outside: {
    readonly erp: ErpPort;
    readonly warehouse: WarehousePort;
    readonly carrier: CarrierPort;
  };
  /** What buyers are told by mail and webhooks. */
  readonly notices: NoticePort;
  /** HUB_AS2_ID, and the secrets that channels name. */
  readonly as2: { readonly hubAs2Id: string; readonly secret: (name: string) => string | null };
  readonly timings: { readonly ackOverdueAfterMs: number; readonly changeWaitsForOrderMs: number };
  readonly log: JobLog;
}

type LogLine = (about: Readonly<Record<string, unknown>>, message: string) => void;

export interface JobLog {
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

/** Drains its subject's oldest unfinished rows. Throws to be tried again later. */
export type JobHandler<N extends JobName> = (payload: Jobs[N], tools: JobTools) => Promise<void>;

/** Runs by the clock: looks for what no job was left for. */
export type Sweep = (tools: JobTools) => Promise<void>;
