import type { Db } from '../../../db/connection';
import type { ReadSecret } from './channel-settings';

/** What AS2 works with; put together in each process's main. */
export interface As2Dependencies {
  readonly db: Db;
  readonly now: () => string;
  /** HUB_AS2_ID: our name where a channel has none of its own. */
  readonly hubAs2Id: string;
  readonly secret: ReadSecret;
  /** 50 MB where it is not given; of a message and of what it expands to. */
  readonly limitBytes?: number;
}

export const AS2_LIMIT_BYTES = 50 * 1024 * 1024;
