import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Db } from '../db/connection';
import type { OrderCommands } from './engine';

export const callbackKinds = ['erp', 'warehouse', 'carrier'] as const;
export type CallbackKind = (typeof callbackKinds)[number];

export interface ApiLimits {
  /** Calls a minute and key. */
  readonly callsPerMinute: number;
  /** Calls a minute and address that end in 401. */
  readonly failedLoginsPerMinute: number;
}

/** Everything the API is made of; put together in main.ts, and by tests. */
export interface ApiDependencies {
  readonly db: Db;
  readonly engine: OrderCommands;
  readonly logger: Logger;
  /** Migrations that the database must have before this process is ready. */
  readonly migrations: readonly string[];
  readonly publicUrl: string;
  /** Null: /metrics answers callers of a private network only. */
  readonly metricsKey: string | null;
  /** Null: callbacks of this kind are refused, for they could not be checked. */
  readonly callbackSecrets: Readonly<Record<CallbackKind, string | null>>;
  /** Raw X12 in and the partners' mailbox; null where no gateway runs in this process. */
  readonly ediRouter: RequestHandler | null;
  /** AS2 messages and asynchronous MDNs; null where no gateway runs in this process. */
  readonly as2Router: RequestHandler | null;
  /** The built portal (dist/portal); null when it was not built. */
  readonly portalFolder: string | null;
  readonly limits: ApiLimits;
  readonly now: () => string;
}
