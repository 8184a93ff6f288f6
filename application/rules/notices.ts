import { z } from 'zod';
import { noticeTypeNames } from '../../domain/order/notices';
import { ruleKind } from './rule-kind';

const types = z
  .array(z.enum(noticeTypeNames as [string, ...string[]]))
  .min(1)
  .optional()
  .meta({ description: 'Only these; left out: everything' });

export const noticesRule = ruleKind({
  kind: 'notices',
  title: 'Notices: who is told by mail and webhooks',
  about:
    'Whom the hub tells that an order can be picked up, that something of it is missing, that it still waits, or that it was cancelled: people by mail, systems by webhooks (Standard Webhooks with CloudEvents). The rule of the customer and the one for everybody both hold; an order may name an address of its own beside them.',
  scopeIs: 'The id of a customer, or * for the orders of all (the company’s own systems).',
  scope: z.string().min(1).max(64),
  body: z.strictObject({
    mail: z
      .array(z.strictObject({ to: z.email().max(254), types }))
      .max(20)
      .default([]),
    webhooks: z
      .array(
        z.strictObject({
          url: z.url({ protocol: /^https?$/, error: 'is not an https address' }).max(500),
          secret: z
            .string()
            .regex(
              /^WEBHOOK_[A-Z0-9_]{1,60}$/,
              'is a name like WEBHOOK_ACME; its value is in the environment',
            )
            .meta({
              description: 'The variable that holds the signing secret (whsec_...), never the secret',
            }),
          types,
        }),
      )
      .max(10)
      .default([]),
  }),
  example: {
    mail: [{ to: 'purchasing@acme.example' }],
    webhooks: [{ url: 'https://acme.example/hooks/orders', secret: 'WEBHOOK_ACME', types: ['pickup.ready'] }],
  },
});
