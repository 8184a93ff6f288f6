import { z } from 'zod';
import type { ChannelSender } from '../../outbound/send-interchanges';

/** What `channel.settings` holds where `channel.kind` is 'https-push'. */
export const pushSettings = z.object({
  url: z.url({ protocol: /^https?$/ }),
  timeoutMs: z.number().int().min(100).max(50_000).default(20_000),
});

/**
 * Posts an interchange to an address of the partner's. Any 2xx is its receipt; the same control number again is the
 * same interchange, so a repeat after a lost answer does no harm there.
 */
export const httpsPush: ChannelSender = {
  async send(interchange, stored) {
    const { url, timeoutMs } = pushSettings.parse(stored);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/edi-x12', 'idempotency-key': interchange.id },
      body: new Uint8Array(interchange.content),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the partner's address answered ${response.status}`);
    return 'delivered';
  },
};
