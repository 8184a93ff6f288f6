import { setTimeout as pause } from 'node:timers/promises';
import { AdapterFault } from '../../adapters/fault';
import type { CarrierPort } from '../../domain/fulfilment/carrier-port';
import type { WarehousePort, WarehouseRelease } from '../../domain/fulfilment/warehouse-port';
import type { ErpPort } from '../../domain/invoicing/erp-port';

export interface OutsideCall {
  readonly operation: 'label' | 'release' | 'recall' | 'invoice' | 'supplier-invoice' | 'receivables';
  readonly key: string;
  readonly subject: string;
  readonly atMs: number;
}

/** ERP, warehouse and carrier as a test wants them: they answer at once, remember every call, and fail on request. */
export class ScriptedOutside {
  readonly calls: OutsideCall[] = [];
  readonly releases: WarehouseRelease[] = [];
  /** Faults or waits to come before the next calls of an operation are answered. */
  readonly #trouble = new Map<OutsideCall['operation'], (() => Promise<void>)[]>();
  /** Goods have been picked already: a recall comes too late. */
  recallsAreTooLate = false;
  refusals: string[] = [];
  openMinor = 0;

  fail(operation: OutsideCall['operation'], times: number, retryable = true): void {
    const slug = retryable ? 'unreachable' : 'refused';
    for (let i = 0; i < times; i++) {
      this.#queue(operation).push(async () => {
        throw new AdapterFault('erp', slug, `the test lets ${operation} fail`);
      });
    }
  }

  delay(operation: OutsideCall['operation'], ms: number): void {
    this.#queue(operation).push(async () => pause(ms));
  }

  /** Every call has the order's id in its key. */
  callsFor(orderId: string): readonly OutsideCall[] {
    return this.calls.filter((call) => call.key.includes(orderId));
  }

  #queue(operation: OutsideCall['operation']): (() => Promise<void>)[] {
    const queue = this.#trouble.get(operation) ?? [];
    this.#trouble.set(operation, queue);
    return queue;
  }

  async #take(operation: OutsideCall['operation'], key: string, subject: string): Promise<void> {
    this.calls.push({ operation, key, subject, atMs: Date.now() });
    await this.#queue(operation).shift()?.();
  }

  readonly carrier: CarrierPort = {
    buyLabel: async (request) => {
      await this.#take('label', request.idempotencyKey, request.shipmentNumber);
      return {
        scac: 'UPSN',
        service: 'GROUND',
        amountMinor: 1200,
        currency: 'USD',
        estimatedDelivery: '2026-12-01',
        trackingNumbers: Object.fromEntries(request.packages.map((p) => [p.sscc, `1Z${p.sscc}`])),
        considered: [],
        reason: 'the only one asked',
      };
    },
    voidLabel: async () => undefined,
  };

  readonly warehouse: WarehousePort = {
    release: async (release) => {
      await this.#take('release', release.idempotencyKey, release.releaseNumber);
      const refusal = this.refusals.shift();
      if (refusal !== undefined) return { kind: 'refused', reason: refusal };
      this.releases.push(release);
      return { kind: 'accepted', warehouseReference: `W-${release.releaseNumber}` };
    },
    recall: async (request) => {
      await this.#take('recall', request.idempotencyKey, request.releaseNumber);
      return this.recallsAreTooLate ? { kind: 'too-late', reason: 'already packed' } : { kind: 'recalled' };
    },
  };

  readonly erp: ErpPort = {
    postInvoice: async (posting) => {
      await this.#take('invoice', posting.idempotencyKey, posting.invoiceNumber);
      return { erpDocument: `E-${posting.invoiceNumber}`, postedAt: new Date().toISOString() };
    },
    postSupplierInvoice: async (posting) => {
      await this.#take('supplier-invoice', posting.idempotencyKey, posting.invoiceNumber);
      return { erpDocument: `S-${posting.invoiceNumber}`, postedAt: new Date().toISOString() };
    },
    receivables: async (creditAccountId) => {
      await this.#take('receivables', '', creditAccountId);
      const openItems =
        this.openMinor === 0
          ? []
          : [{ invoiceNumber: 'OLD-1', openMinor: this.openMinor, dueDate: '2026-12-31', disputed: false }];
      return {
        creditAccountId,
        asOf: new Date().toISOString(),
        currency: 'USD',
        openItems,
        unappliedCashMinor: 0,
      };
    },
  };
}
