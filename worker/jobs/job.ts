import type { Outside } from '../../activities';
import type { Config } from '../../config';
import type { Db } from '../../db/connection';
import type { JobName, Jobs } from '../../db/jobs';
import type { OrderEngine } from '../../workflows/client';
import type { Log } from '../log';

/** What a job works with, given in by the worker. */
export interface JobTools {
  readonly db: Db;
  readonly engine: OrderEngine;
  readonly outside: Outside;
  readonly config: Config;
  readonly log: Log;
}

/** Drains its subject's oldest unfinished rows. Throws to be tried again later. */
export type JobHandler<N extends JobName> = (payload: Jobs[N], tools: JobTools) => Promise<void>;

/** Runs by the clock: looks for what no job was left for. */
export type Sweep = (tools: JobTools) => Promise<void>;
