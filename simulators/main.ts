import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Express } from 'express';
import { CarrierSimulator, carrierGateway } from './carrier/server';
import { readDemoData } from './demo-data';
import { ErpSimulator } from './erp/server';
import { listen } from './ground/door';
import { WarehouseSimulator } from './warehouse/server';

/**
 * Starts the outside: `main.ts` all of it, `main.ts erp` one system. Ports by ERP_PORT, WMS_PORT, CARRIER_PORT and
 * PARTNER_PORT, the hub by HUB_URL, memory that survives a restart by SIM_DATA_DIR.
 */
type SystemName = 'erp' | 'warehouse' | 'carrier';
interface Started {
  readonly app: Express;
  readonly stop: () => void;
}

const env = process.env;
const hubUrl = env['HUB_URL']?.replace(/\/+$/, '') ?? null;
const data = readDemoData();

function folderOf(name: string): string | null {
  return env['SIM_DATA_DIR'] ? join(env['SIM_DATA_DIR'], name) : null;
}

function milliseconds(name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} is not a number of milliseconds`);
  return value;
}

function startErp(): Started {
  const { counterparty, apiKey, callbackSecret } = data.systems.erp;
  const erp = new ErpSimulator({
    secret: env['ERP_API_KEY'] ?? apiKey,
    callbackSecret: env['ERP_CALLBACK_SECRET'] ?? callbackSecret,
    counterparty,
    hubUrl,
    folder: folderOf('erp'),
    customers: data.erpCustomers,
    items: data.erpItems,
    accounts: data.receivables,
  });
  return { app: erp.app, stop: () => erp.stop() };
}

function startWarehouse(): Started {
  const { counterparty, apiKey, callbackSecret } = data.systems.warehouse;
  const warehouse = new WarehouseSimulator({
    secret: env['WMS_API_KEY'] ?? apiKey,
    callbackSecret: env['WMS_CALLBACK_SECRET'] ?? callbackSecret,
    counterparty,
    hubUrl,
    folder: folderOf('warehouse'),
    weights: data.weights,
    pickMs: milliseconds('WMS_PICK_MS', 400),
    shipMs: milliseconds('WMS_SHIP_MS', 200),
  });
  return { app: warehouse.app, stop: () => warehouse.stop() };
}

function startCarriers(): Started {
  const secret = env['CARRIER_API_KEY'] ?? data.systems.carrier.apiKey;
  const carriers = data.carriers.map((profile) => {
    const simulator = new CarrierSimulator(profile, {
      secret,
      callbackSecret: env['CARRIER_CALLBACK_SECRET'] ?? data.systems.carrier.callbackSecret,
      hubUrl,
      folder: folderOf(`carrier-${profile.scac.toLowerCase()}`),
      trackingMs: milliseconds('CARRIER_TRACKING_MS', 2500),
    });
    return { profile, app: simulator.app, simulator };
  });
  return {
    app: carrierGateway(carriers, secret),
    stop: () => carriers.forEach((one) => one.simulator.stop()),
  };
}

const systems: Readonly<Record<SystemName, { readonly port: string; readonly start: () => Started }>> = {
  erp: { port: 'ERP_PORT', start: startErp },
  warehouse: { port: 'WMS_PORT', start: startWarehouse },
  carrier: { port: 'CARRIER_PORT', start: startCarriers },
};

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in systems));
  if (unknown.length > 0)
    throw new Error(`there is no ${unknown.join(', ')} here, only ${Object.keys(systems).join(', ')}`);
  const names = (wanted.length > 0 ? wanted : Object.keys(systems)) as SystemName[];
  const running: { readonly server: Server; readonly stop: () => void }[] = [];
  for (const name of names) {
    const { app, stop } = systems[name].start();
    const port = Number(env[systems[name].port] ?? data.systems[name].port);
    const { server, url } = await listen(app, port);
    running.push({ server, stop });
    console.log(`${name} at ${url}`);
  }
  const end = () => {
    for (const { server, stop } of running) {
      stop();
      server.close();
      server.closeAllConnections();
    }
    process.exit(0);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  // Whoever started this process is gone.
  process.once('disconnect', end);
  process.send?.('ready');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
