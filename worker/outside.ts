import type { Outside } from '../activities';
import { createCarrierClient } from '../adapters/carrier/client';
import { createErpClient } from '../adapters/erp/client';
import { AdapterFault, type OutsideSystem } from '../adapters/fault';
import type { Endpoint } from '../adapters/json-call';
import { createWarehouseClient } from '../adapters/wms/client';
import { createStoreWarehouse, workerOfRelease } from '../application/store/store-warehouse';
import type { Config, Counterparty } from '../config';
import type { Db } from '../db/connection';
import type { WarehousePort } from '../domain/fulfilment/warehouse-port';
import { createEdiSupplier } from '../gateway/outbound/edi-supplier';
import { createEdiWarehouse } from '../gateway/outbound/edi-warehouse';

/** The company's own systems as they are configured. One that is not is like one that is away: it can come. */
export function createOutside({ erp, warehouse, carrier, timings }: Config, db: Db): Outside {
  const at = (counterparty: Counterparty): Endpoint | null =>
    counterparty.url === null
      ? null
      : {
          baseUrl: counterparty.url,
          timeoutMs: timings.outsideCallTimeoutMs,
          secret: counterparty.apiKey ?? '',
          idempotency: counterparty.idempotency,
        };
  const [erpAt, warehouseAt, carrierAt] = [at(erp), at(warehouse), at(carrier)];
  return {
    erp: erpAt ? createErpClient(erpAt) : missing('erp', 'ERP_URL'),
    warehouse: warehouseOfNode(db, {
      rest: warehouseAt ? createWarehouseClient(warehouseAt) : missing('warehouse', 'WMS_URL'),
      edi: createEdiWarehouse(db),
      store: createStoreWarehouse(db),
      supplier: createEdiSupplier(db, () => new Date().toISOString()),
    }),
    carrier: carrierAt ? createCarrierClient(carrierAt) : missing('carrier', 'CARRIER_URL'),
  };
}

/**
 * Each node's own: a store's people, a supplier that is ordered from, a trading partner that is asked by 940, or the
 * company's system over REST.
 */
export function warehouseOfNode(
  db: Db,
  ports: Readonly<Record<'rest' | 'edi' | 'store' | 'supplier', WarehousePort>>,
): WarehousePort {
  return {
    release: async (release) => ports[await workerOfRelease(db, release)].release(release),
    recall: async (request) => ports[await workerOfRelease(db, request)].recall(request),
  };
}

function missing<Port extends object>(system: OutsideSystem, variable: string): Port {
  const refuse = async () => {
    throw new AdapterFault(system, 'unreachable', `no ${system} is configured: set ${variable}`);
  };
  return new Proxy({}, { get: () => refuse }) as Port;
}
