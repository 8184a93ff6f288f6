import express, { type Request, type Response, Router } from 'express';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { carrierCallback } from '../adapters/carrier/contract';
import { erpCallback } from '../adapters/erp/contract';
import { warehouseCallback } from '../adapters/wms/contract';
import { receiveCallback } from '../application/fulfilment/receive-callback';
import { type ApiDependencies, type CallbackKind, callbackKinds } from './dependencies';
import type { ApiMetrics } from './metrics';
import { invalidRequest, notFound, Problem } from './problems';

const contracts = {
  erp: erpCallback,
  warehouse: warehouseCallback,
  carrier: carrierCallback,
} as const satisfies Record<CallbackKind, z.ZodType>;

const counterparty = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const forged = (detail: string) =>
  new Problem(401, 'signature-invalid', 'The signature is not valid', detail);

/** @throws Problem 401 unless the body was signed with the secret, within five minutes */
function verify(webhook: Webhook | null, request: Request): string {
  if (webhook === null)
    throw forged('No secret is configured for this system, so nothing from it can be believed.');
  const header = (name: string) => request.get(name) ?? '';
  const payload = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const headers = {
    'webhook-id': header('webhook-id'),
    'webhook-timestamp': header('webhook-timestamp'),
    'webhook-signature': header('webhook-signature'),
  };
  try {
    webhook.verify(payload, headers, { jsonParse: false });
  } catch {
    throw forged(
      'Sign the body with the shared secret as Standard Webhooks says: webhook-id, webhook-timestamp, webhook-signature.',
    );
  }
  return payload;
}

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    throw new Problem(400, 'malformed-json', 'The body is not JSON', (error as Error).message);
  }
}

/**
 * What warehouses, carriers and the ERP report. Stored before anything reacts to it; the same event again is answered
 * like the first time and changes nothing.
 */
export function callbackRouter(deps: ApiDependencies, metrics: ApiMetrics): Router {
  // Made at the start, so that a secret that is not base64 stops the process and not a warehouse's report.
  const webhooks = Object.fromEntries(
    callbackKinds.map((kind) => {
      const secret = deps.callbackSecrets[kind];
      return [kind, secret === null ? null : new Webhook(secret)];
    }),
  ) as Record<CallbackKind, Webhook | null>;
  const router = Router();
  router.post(
    '/:kind/:counterparty',
    express.raw({ type: () => true, limit: '2mb' }),
    async (request: Request, response: Response) => {
      const kind = z.enum(callbackKinds).safeParse(request.params['kind']);
      const sender = counterparty.safeParse(request.params['counterparty']);
      if (!kind.success || !sender.success) throw notFound('counterparty');
      const count = (outcome: string) => metrics.callbacks.inc({ kind: kind.data, outcome });
      try {
        const payload = verify(webhooks[kind.data], request);
        const parsed = contracts[kind.data].safeParse(parseJson(payload));
        if (!parsed.success) throw invalidRequest(parsed.error, 'body');
        const { type, data } = parsed.data;
        if (request.get('webhook-id') !== data.eventId)
          throw forged('webhook-id is not the eventId of the body.');
        const outcome = await deps.db.transaction((tx) =>
          receiveCallback(
            tx,
            { counterparty: sender.data, eventId: data.eventId, kind: type, body: data },
            deps.now(),
          ),
        );
        count(outcome.kind);
        response.status(200).json({ eventId: data.eventId, outcome: outcome.kind });
      } catch (error) {
        count(error instanceof Problem ? error.slug : 'failed');
        throw error;
      }
    },
  );
  return router;
}
