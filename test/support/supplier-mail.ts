import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/connection';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { NOW } from './company';
import { limitBytes, trusted } from './gateway-door';
import { supplierInterchange } from './supplier-documents';

/** All that was written for a partner under its agreement, one list of segments a transaction set. */
export async function readAllDrafts(db: Db, partnerId: string): Promise<readonly (readonly string[])[]> {
  await renderDocuments(db, `${partnerId}-P`, () => NOW);
  return readMail(db, partnerId);
}

/** What was written for a partner so far. */
async function readMail(db: Db, partnerId: string): Promise<readonly (readonly string[])[]> {
  const rows = (await db('interchange')
    .where({ direction: 'out', partner_id: partnerId })
    .orderBy('sequence')
    .pluck('content')) as Buffer[];
  return rows.flatMap((content) =>
    content
      .toString('latin1')
      .split(/(?<=~)(?=ST\*)/)
      .slice(1)
      .map((set) => set.split('~').slice(0, set.split('~').findIndex((one) => one.startsWith('SE*')) + 1)),
  );
}

/** A supplier's mail with a hub whose jobs run by themselves. */
export class SupplierPost {
  readonly #db: Db;
  readonly #partnerId: string;
  #control = 0;

  constructor(db: Db, partnerId = 'FORGE') {
    this.#db = db;
    this.#partnerId = partnerId;
  }

  /** What the hub has written for it so far, one list of segments a transaction set. */
  mail(): Promise<readonly (readonly string[])[]> {
    return readMail(this.#db, this.#partnerId);
  }

  /** A set of its own, at the hub's door. */
  async send(set: string, segments: readonly string[]): Promise<void> {
    this.#control += 1;
    const text = supplierInterchange(set, segments, this.#control, this.#partnerId);
    const now = new Date().toISOString();
    await receiveArrival(this.#db, Buffer.from(text, 'latin1'), trusted, { now, limitBytes });
  }

  /** Until the hub has written a segment that begins so. */
  async hears(beginning: string): Promise<void> {
    while (!(await this.mail()).some((set) => set.some((segment) => segment.startsWith(beginning))))
      await pause(25);
  }
}
