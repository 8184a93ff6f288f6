import { applyOrderChange } from '../../application/change/apply-order-change';
import { resolveHold } from '../../application/hold/resolve-hold';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { workOrderRequests } from '../../gateway/intake/work-order-requests';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { type CompanyOptions, NOW, seedCompany } from './company';
import { createTestDatabase, type TestDatabase } from './database';
import { postInvoice, type ShippedOf, shipOrder } from './ship-order';
import { group, interchange, setUpPartner, transactionSet } from './trading-partner';

interface DeskOptions extends CompanyOptions {
  /** 855 -> what is agreed about how it is written. */
  readonly documents?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly version?: '004010' | '005010';
}

/** One partner's order desk, from the file that comes in to the documents that go out; everything but the engine is real. */
export class OrderDesk {
  readonly #database: TestDatabase;
  readonly #version: string;
  #controlNumber = 0;

  private constructor(database: TestDatabase, version: string) {
    this.#database = database;
    this.#version = version;
  }

  static async open({
    documents = {},
    version = '004010',
    ...company
  }: DeskOptions = {}): Promise<OrderDesk> {
    const database = await createTestDatabase({ poolMax: 12 });
    await seedCompany(database.db, company);
    await setUpPartner(database.db, { partnerId: 'ACME-EDI', isaId: 'ACME', version });
    for (const [set, options] of Object.entries(documents)) {
      await database
        .db('document_agreement')
        .where({ set_id: set, direction: 'out' })
        .update({ options: JSON.stringify(options) });
    }
    return new OrderDesk(database, version);
  }

  get db(): Db {
    return this.#database.db;
  }

  close(): Promise<void> {
    return this.#database.drop();
  }

  /** Sends sets of one kind as a file and works what they ask for. */
  async send(functionalId: 'PO' | 'PC', ...sets: readonly (readonly string[])[]): Promise<void> {
    await this.#receive(functionalId, sets);
    const waiting = (await this.db('order_inbox')
      .where({ status: 'waiting' })
      .distinct('purchase_order_number')
      .orderBy('purchase_order_number')) as { purchase_order_number: string }[];
    for (const { purchase_order_number: po } of waiting) await this.work(po);
  }

  /** Places what sets ask for at the same time, as other channels may; the inbox of one number is worked in order. */
  async race(sets: readonly (readonly string[])[]): Promise<void> {
    await this.#receive('PO', sets);
    const rows = (await this.db('order_inbox').where({ status: 'waiting' })) as { payload: OrderRequest }[];
    await Promise.all(rows.map(({ payload }) => this.db.transaction((tx) => placeOrder(tx, payload, NOW))));
    await this.db('order_inbox').update({ status: 'done' });
  }

  /** Works what changes of different orders ask for at the same time. */
  async raceChanges(sets: readonly (readonly string[])[]): Promise<void> {
    await this.#receive('PC', sets);
    const waiting = (await this.db('order_inbox')
      .where({ status: 'waiting' })
      .distinct('purchase_order_number')
      .pluck('purchase_order_number')) as string[];
    await Promise.all(waiting.map((po) => this.work(po)));
  }

  async #receive(functionalId: 'PO' | 'PC', sets: readonly (readonly string[])[]): Promise<void> {
    this.#controlNumber += 1;
    const id = functionalId === 'PO' ? '850' : '860';
    const bodies = sets.map((segments, at) => transactionSet(id, String(at + 1).padStart(4, '0'), segments));
    const text = interchange({
      controlNumber: this.#controlNumber,
      version: this.#version >= '005010' ? '00501' : '00401',
      groups: [group(functionalId, this.#controlNumber, bodies, 'ACME-EDI', this.#version)],
    });
    const source = { kind: 'cli', key: null, partnerId: null, allowedIsaIds: null } as const;
    const { interchanges } = await receiveArrival(this.db, Buffer.from(text, 'latin1'), source, {
      now: NOW,
      limitBytes: 5e6,
    });
    for (const { id: interchangeId } of interchanges) await judgeReceived(this.db, interchangeId, () => NOW);
  }

  work(purchaseOrderNumber: string): Promise<void> {
    return workOrderRequests(
      {
        db: this.db,
        clock: () => NOW,
        changeWaitsForOrderMs: 3_600_000,
        applyChange: async (_orderId, changeId) => {
          await this.db.transaction((tx) => applyOrderChange(tx, changeId, NOW));
          return { kind: 'decided' };
        },
      },
      { partnerId: 'ACME-EDI', purchaseOrderNumber },
    );
  }

  /** The newest order of a number, by its release where it has one. */
  async order(po: string, release: string | null = null) {
    const row = await this.db('orders')
      .where({ po_number: po, release_number: release })
      .orderBy('id', 'desc')
      .first();
    if (!row) throw new Error(`there is no order ${po}`);
    return row;
  }

  async holds(po: string, release: string | null = null): Promise<readonly string[]> {
    const { id } = await this.order(po, release);
    const rows = (await this.db('hold').where({ order_id: id, status: 'open' }).orderBy('id')) as {
      type: string;
      reason: { text: string };
    }[];
    return rows.map(({ type, reason }) => `${type}: ${reason.text}`);
  }

  async decide(
    po: string,
    action: 'release' | 'reject',
    release: string | null = null,
  ): Promise<readonly string[]> {
    const { id } = await this.order(po, release);
    const holds = (await this.db('hold').where({ order_id: id, status: 'open' }).orderBy('id')) as {
      id: string;
    }[];
    const outcomes: string[] = [];
    for (const hold of holds) {
      const outcome = await this.db.transaction((tx) =>
        resolveHold(
          tx,
          {
            holdId: hold.id,
            action,
            person: 'sam',
            roles: ['sales', 'finance', 'sales-manager'],
            reason: 'as agreed',
          },
          NOW,
        ),
      );
      outcomes.push(outcome.kind === 'refused' ? outcome.code : outcome.kind);
    }
    return outcomes;
  }

  async answer(po: string, release: string | null = null): Promise<void> {
    const { id } = await this.order(po, release);
    await this.db.transaction((tx) => answerOrder(tx, id, 'final', NOW));
  }

  /** Plans, labels, releases and ships what may leave at `now`, down to the posted invoice. */
  async ship(
    po: string,
    release: string | null = null,
    {
      shipped,
      now,
      oneCarton,
    }: { readonly shipped?: ShippedOf; readonly now?: string; readonly oneCarton?: boolean } = {},
  ): Promise<void> {
    const { id } = await this.order(po, release);
    await shipOrder(this.db, id, shipped, now, oneCarton);
  }

  /** The ERP books what it does not have yet. */
  async post(po: string): Promise<void> {
    const { id } = await this.order(po);
    const open = (await this.db('invoice')
      .where({ order_id: id })
      .whereNull('posted_at')
      .pluck('id')) as string[];
    for (const invoiceId of open) await postInvoice(this.db, invoiceId);
  }

  /** The documents of a set that went out, each as its segments from ST to SE. Nothing may have been held back. */
  async sent(set: string): Promise<readonly (readonly string[])[]> {
    await renderDocuments(this.db, 'ACME-EDI-P', () => NOW);
    const held = await this.db('exception').where({ kind: 'document-held', status: 'open' }).pluck('text');
    if (held.length > 0) throw new Error(held.join('\n'));
    const rows = (await this.db('document')
      .join('interchange', 'interchange.id', 'document.interchange_id')
      .where({ 'document.direction': 'out', 'document.set_id': set })
      .orderBy(['interchange.sequence', 'document.ordinal'])
      .select('interchange.content', 'document.byte_offset', 'document.byte_length')) as {
      content: Buffer;
      byte_offset: number;
      byte_length: number;
    }[];
    return rows.map(({ content, byte_offset, byte_length }) =>
      content
        .subarray(byte_offset, byte_offset + byte_length)
        .toString('latin1')
        .split('~')
        .map((segment) => segment.trim())
        .filter(Boolean),
    );
  }
}
