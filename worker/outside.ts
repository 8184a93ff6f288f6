import type { Outside } from '../activities';
import { createCarrierClient } from '../adapters/carrier/client';
import { createErpClient } from '../adapters/erp/client';
import { AdapterFault, type OutsideSystem } from '../adapters/fault';
import type { Endpoint } from '../adapters/json-call';
import { createWarehouseClient } from '../adapters/wms/client';
import type { Config, Counterparty } from '../config';

/** The company's own systems as they are configured. One that is not is like one that is away: it can come. */
export function createOutside({ erp, warehouse, carrier, timings }: Config): Outside {
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
    warehouse: warehouseAt ? createWarehouseClient(warehouseAt) : missing('warehouse', 'WMS_URL'),
    carrier: carrierAt ? createCarrierClient(carrierAt) : missing('carrier', 'CARRIER_URL'),
  };
}

function missing<Port extends object>(system: OutsideSystem, variable: string): Port {
  const refuse = async () => {
    throw new AdapterFault(system, 'unreachable', `no ${system} is configured: set ${variable}`);
  };
  return new Proxy({}, { get: () => refuse }) as Port;
}
