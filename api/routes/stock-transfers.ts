import { announceTransfer, type Transfer } from '../../application/stock/announce-transfer';
import type { Tx } from '../../db/connection';
import { requireOwnStaff } from '../auth/principal';
import { stockTransfer, stockTransferAnnounced } from '../contract/inventory';
import { type Endpoint, endpoint } from '../endpoint';
import { Problem } from '../problems';

const announce = endpoint({
  method: 'post',
  path: '/stock-transfers',
  tag: 'Inventory',
  summary: 'Announce stock that is on its way to a node kept by a trading partner (943)',
  description:
    "The partner's 944 names the number again: what came is compared with what was announced. A number is announced once.",
  scopes: ['orders:write'],
  body: stockTransfer,
  idempotency: { required: false, transaction: true },
  replies: {
    202: { description: 'The 943 is on its way', schema: stockTransferAnnounced },
    409: { description: 'It cannot be announced, or was before' },
  },
  handle: async ({ db, body, principal, deps }) => {
    requireOwnStaff(principal, "Stock is sent by the seller's own people.");
    const outcome = await announceTransfer(db as Tx, body as Transfer, deps.now());
    if (outcome.kind === 'refused') throw new Problem(409, outcome.code, 'Not announced', outcome.text);
    return { status: 202, body: { number: body.number, partner: outcome.partnerId } };
  },
});

export const stockTransferEndpoints: readonly Endpoint[] = [announce];
