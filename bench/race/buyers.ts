import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/connection';
import { type Answered, Caller } from '../http-calls';
import { type ApiProcess, startApiProcess } from './api-process';
import { setStage } from './company';

export const BUYERS = 200;
export const UNITS = 100;

export interface BuyersHeard {
  readonly placed: number;
  readonly refused: number;
  readonly errors5xx: number;
  readonly others: readonly number[];
}

/**
 * 200 buyers with a key and an order each, all at once, over two API processes, for 100 units that may not be
 * backordered. With `killAfterMs` one of the processes is killed then; its buyers ask the other one again, with the
 * same Idempotency-Key, as careful callers do.
 */
export class BuyersRace {
  readonly #db: Db;
  readonly #caller = new Caller();
  #apis: ApiProcess[] = [];
  #rounds = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  async run(killAfterMs: number | null): Promise<BuyersHeard> {
    while (this.#apis.length < 2)
      this.#apis.push(await startApiProcess(`api-${this.#apis.length + this.#rounds * 2}`));
    this.#rounds += 1;
    const stage = await setStage(this.#db, { onHand: UNITS, backorder: false });
    const keys = await this.#makeKeys(stage.customerId);
    const buying = keys.map((key, n) => this.#buy(key, n, stage.itemIds[0]));
    if (killAfterMs !== null) {
      await pause(killAfterMs);
      await this.#apis[0]?.program.kill();
    }
    const answers = await Promise.all(buying);
    if (killAfterMs !== null) this.#apis = this.#apis.slice(1);
    const count = (holds: (status: number) => boolean) =>
      answers.filter(({ status }) => holds(status)).length;
    return {
      placed: count((status) => status === 201),
      refused: count((status) => status === 409),
      errors5xx: count((status) => status >= 500),
      others: answers.map(({ status }) => status).filter((status) => ![201, 409].includes(status)),
    };
  }

  async stop(): Promise<void> {
    this.#caller.close();
    await Promise.all(this.#apis.map(({ program }) => program.stop()));
  }

  async #makeKeys(customerId: string): Promise<readonly string[]> {
    const keys = Array.from({ length: BUYERS }, (_, n) => `buyer-${this.#rounds}-${n}`);
    await this.#db('api_key').insert(
      keys.map((key) => ({
        name: key,
        secret_hash: createHash('sha256').update(key).digest('hex'),
        scopes: ['orders:read', 'orders:write'],
        roles: ['buyer'],
        customer_id: customerId,
      })),
    );
    return keys;
  }

  async #buy(key: string, n: number, item: string): Promise<Answered> {
    const body = { purchaseOrderNumber: key, shipTo: { id: 'DC1' }, lines: [{ item, quantity: '1' }] };
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': `one-${key}` };
    for (let attempt = 0; ; attempt += 1) {
      const api = this.#apis[(n + attempt) % this.#apis.length];
      const answer = await this.#caller.post(`${api?.url}/api/v1/orders`, body, headers);
      // 0: nobody answered. 409 with Retry-After is the first try of a killed process, still open in the database.
      if (answer.status !== 0) return answer;
      await pause(50);
    }
  }
}
