import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Express } from 'express';
import { CarrierSimulator, carrierGateway } from './carrier/server';
import { readDemoData } from './demo-data';
import { ErpSimulator } from './erp/server';
import { listen } from './ground/door';
import { PartnerSimulator } from './partner/server';
import { WarehouseSimulator } from './warehouse/server';

export type SystemName = 'erp' | 'warehouse' | 'carrier' | 'partner';
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

function startPartner(): Started {
  const partner = new PartnerSimulator({
    hubUrl,
    erpUrl: env['ERP_URL'] ?? `http://127.0.0.1:${env['ERP_PORT'] ?? data.systems.erp.port}`,
    folder: folderOf('partner'),
    identities: data.partners,
    pollMs: milliseconds('PARTNER_POLL_MS', 300),
  });
  return { app: partner.app, stop: () => partner.stop() };
}

const systems: Readonly<Record<SystemName, { readonly port: string; readonly start: () => Started }>> = {
  erp: { port: 'ERP_PORT', start: startErp },
  warehouse: { port: 'WMS_PORT', start: startWarehouse },
  carrier: { port: 'CARRIER_PORT', start: startCarriers },
  partner: { port: 'PARTNER_PORT', start: startPartner },
};

async function startSystems(names: readonly SystemName[]): Promise<void> {
  const running: { readonly server: Server; readonly stop: () => void }[] = [];
  for (const name of names) {
    const { app, stop } = systems[name].start();
    // SIM_PORT is for a process that runs one system alone.
    const given = env[systems[name].port] ?? (names.length === 1 ? env['SIM_PORT'] : undefined);
    const { server, url } = await listen(app, Number(given ?? data.systems[name].port));
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

/** Starts simulated systems in this process; none named starts all of them. */
export function runSystems(wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !(name in systems));
  const names = (wanted.length > 0 ? wanted : Object.keys(systems)) as SystemName[];
  const started =
    unknown.length > 0
      ? Promise.reject(
          new Error(`there is no ${unknown.join(', ')} here, only ${Object.keys(systems).join(', ')}`),
        )
      : startSystems(names);
  started.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
