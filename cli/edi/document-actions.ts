import { randomUUID } from 'node:crypto';
import { callHub } from '../hub-api';

/** `hub edi replay | retransmit | reissue`: asks the running hub, in the name of the key's person. */
export async function askForDocument(
  id: string,
  action: 'replays' | 'retransmissions' | 'reissues',
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `/api/v1/documents/${encodeURIComponent(id)}/${action}`;
  const done = (await callHub(path, { method: 'POST', body, idempotencyKey: randomUUID() })) as {
    status: string;
    reference: string;
  };
  console.log(`${done.status}: ${done.reference}`);
}
