import type { Db } from '../../../db/connection';

const TIMEOUT_MS = 30_000;

/**
 * Sends an asynchronous receipt to the address the partner named (RFC 4130 section 7.1). Another 2xx later does no
 * harm. Throws to be tried again; a job that is given up becomes an exception.
 */
export async function sendReceipt(db: Db, receiptId: string, now: () => string): Promise<void> {
  const row = (await db('as2_receipt')
    .where({ id: receiptId, status: 'due' })
    .first('headers', 'content', 'url')) as
    | { headers: Record<string, string>; content: Buffer; url: string }
    | undefined;
  if (!row) return;
  let refusal: string | null;
  try {
    const response = await fetch(row.url, {
      method: 'POST',
      headers: { ...row.headers, 'User-Agent': 'order-hub' },
      body: new Uint8Array(row.content),
      // Where it sends us on to was not looked at.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    refusal = response.ok ? null : `the address answered ${response.status}`;
  } catch (error) {
    refusal = `the address could not be reached: ${reasonOf(error)}`;
  }
  await db('as2_receipt')
    .where({ id: receiptId })
    .update({
      attempts: db.raw('attempts + 1'),
      status_text: refusal,
      ...(refusal === null ? { status: 'sent', settled_at: now() } : {}),
    });
  if (refusal !== null) throw new Error(`the AS2 receipt ${receiptId} was not delivered: ${refusal}`);
}

/** fetch hides the cause of a failed connection one level down. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return [message, cause?.code ?? cause?.message].filter(Boolean).join(' ');
}
