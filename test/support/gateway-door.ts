import { judgeReceived } from '../../gateway/intake/judge-received';
import { type ArrivalSource, receiveArrival } from '../../gateway/intake/receive-arrival';
import { workReceivedContent } from '../../gateway/intake/work-received-content';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { createTestDatabase, type TestDatabase } from './database';
import { group, interchange, purchaseOrder } from './trading-partner';

export const NOW = '2026-11-22T18:00:00.000Z';
export const clock = () => NOW;
export const trusted: ArrivalSource = { kind: 'cli', key: null, partnerId: null, allowedIsaIds: null };
export const limitBytes = 50 * 1024 * 1024;

/** What tests of the gateway do at its door, and what they look at afterwards. */
export class GatewayDoor {
  readonly database: TestDatabase;

  constructor(database: TestDatabase) {
    this.database = database;
  }

  static async open(): Promise<GatewayDoor> {
    return new GatewayDoor(await createTestDatabase({ poolMax: 12 }));
  }

  get db() {
    return this.database.db;
  }

  /** Received, not yet judged. */
  async receive(text: string): Promise<readonly string[]> {
    const { interchanges } = await receiveArrival(this.db, Buffer.from(text, 'latin1'), trusted, {
      now: NOW,
      limitBytes,
    });
    return interchanges.map((one) => one.id);
  }

  /** Received and judged; the id of the first interchange. */
  async send(text: string): Promise<string> {
    const ids = await this.receive(text);
    for (const id of ids) await judgeReceived(this.db, id, clock);
    return ids[0] as string;
  }

  /** As its job does: again as long as another judge is at work. */
  async judge(id: string): Promise<void> {
    while ((await judgeReceived(this.db, id, clock)) === 'busy');
  }

  /** What its partner sent besides orders is worked, as the job does it. */
  async work(partnerId = 'ACME'): Promise<void> {
    while ((await workReceivedContent(this.db, partnerId, clock)) === 'busy');
  }

  row(id: string) {
    return this.db('interchange').where({ id }).first();
  }

  /** What waits to go out under ACME's agreement, as text. */
  async outbound(): Promise<readonly string[]> {
    await renderDocuments(this.db, 'ACME-P', clock);
    const rows = await this.db('interchange')
      .where({ direction: 'out' })
      .orderBy('sequence')
      .select('content');
    return rows.map(({ content }) => content.toString('latin1') as string);
  }

  exceptions(): Promise<readonly string[]> {
    return this.db('exception').where({ status: 'open' }).orderBy('opened_at').pluck('kind');
  }
}

/** An interchange of purchase orders with these numbers. */
export const order = (controlNumber: number, ...numbers: string[]) =>
  interchange({
    controlNumber,
    groups: [
      group(
        'PO',
        controlNumber,
        numbers.map((po, at) => purchaseOrder(po, String(at + 1).padStart(4, '0'))),
      ),
    ],
  });
