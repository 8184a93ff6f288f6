import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { TemporalPlace } from '../../workflows/client';
import { orderWorkflowId } from '../../workflows/contracts/order-workflow';

const root = join(__dirname, '../..');
const folder = join(__dirname, 'histories');

/**
 * Keeps what Temporal remembers of an order. Those of a release stay as long as its orders may live: a change of the
 * workflow that cannot replay them would stop orders in flight.
 */
export async function recordHistory(
  place: TemporalPlace,
  orderId: string,
  scenario: string,
  runId?: string,
): Promise<void> {
  const connection = await Connection.connect({ address: place.address });
  try {
    const client = new Client({ connection, namespace: place.namespace });
    const history = await client.workflow.getHandle(orderWorkflowId(orderId), runId).fetchHistory();
    mkdirSync(folder, { recursive: true });
    // Stack traces name the folder they were recorded in; payloads are base64 and hold none.
    const text = historyToJSON(history).replaceAll(`${root}/`, '');
    writeFileSync(join(folder, `${scenario}.json`), `${JSON.stringify(JSON.parse(text))}\n`);
  } finally {
    await connection.close();
  }
}

export function recordedHistories(): readonly { readonly scenario: string; readonly history: unknown }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      scenario: name.replace('.json', ''),
      history: JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown,
    }));
}
