import { z } from 'zod';
import { instant } from './common';

/** What a key may do. A route asks for exactly one of them. */
export const scopes = [
  'orders:read',
  'orders:write',
  'holds:read',
  'holds:decide',
  'inventory:read',
  'documents:read',
  'partners:read',
  'partners:write',
  'exceptions:read',
  'exceptions:write',
  'credit:read',
  'rules:read',
  'rules:write',
  'prices:read',
  'prices:write',
  'prices:override',
  'edi:send',
  'stores:work',
] as const;
export type Scope = (typeof scopes)[number];

export const loginBody = z.strictObject({ key: z.string().min(1).max(200) }).meta({ id: 'Login' });
export const session = z
  .object({
    name: z.string(),
    person: z.string().nullable(),
    roles: z.array(z.string()),
    scopes: z.array(z.string()),
    partnerId: z.string().nullable(),
    customerId: z.string().nullable(),
    nodeId: z.string().nullable().meta({ description: 'The store whose tasks this key works' }),
    expiresAt: instant.nullable(),
    keyExpiresAt: instant
      .nullable()
      .meta({ description: 'When the key ends with which the session was opened' }),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof session>;
