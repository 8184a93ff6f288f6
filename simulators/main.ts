import { runSystems } from './start-systems';

/**
 * Starts the outside: `main.ts` all of it, `main.ts erp` one system. Ports by ERP_PORT, WMS_PORT, CARRIER_PORT and
 * PARTNER_PORT (or SIM_PORT where one runs alone), the hub by HUB_URL, memory that survives a restart by SIM_DATA_DIR.
 */
runSystems(process.argv.slice(2));
