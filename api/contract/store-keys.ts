import { z } from 'zod';
import { MOST_STORE_KEY_DAYS, STORE_KEY_DAYS } from '../../application/store/store-keys';
import { instant, pageOf, pageQuery, recordId } from './common';

const store = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Store' });
export type StoreView = z.infer<typeof store>;
export const storeList = z.object({ items: z.array(store) }).meta({ id: 'StoreList' });

export const storeKey = z
  .object({
    id: recordId,
    name: z.string(),
    person: z.string().nullable(),
    node: store,
    works: z.boolean().meta({ description: 'Neither revoked nor expired' }),
    givenAt: instant,
    givenBy: z.string().nullable().meta({ description: 'Null: it was not given through the hub' }),
    expiresAt: instant
      .nullable()
      .meta({ description: 'Null: given otherwise than through the hub, without an end' }),
    revokedAt: instant.nullable(),
    revokedBy: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'Why it was revoked' }),
  })
  .meta({ id: 'StoreKey' });
export type StoreKeyView = z.infer<typeof storeKey>;
export const storeKeyPage = pageOf(storeKey, 'StoreKeyPage');
export const listStoreKeysQuery = z.object({
  ...pageQuery,
  node: z.string().max(64).optional(),
  works: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'Those that work, or those that were revoked or have expired' }),
});

const text = z.string().trim().min(1).max(80);
export const giveStoreKeyBody = z
  .strictObject({
    node: z.string().min(1).max(64).meta({ description: 'The store', example: 'STORE-7' }),
    person: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9._@-]{0,59}$/,
        'is one word of small letters, digits and . _ @ -, at most 60 of them',
      )
      .meta({ description: 'What the hub calls the person in histories', example: 'ann' }),
    name: text.meta({ description: 'For people who read the list', example: 'Ann, Main Street' }),
    validDays: z
      .int()
      .min(1)
      .max(MOST_STORE_KEY_DAYS)
      .default(STORE_KEY_DAYS)
      .meta({ description: 'It ends so many days from now' }),
  })
  .meta({ id: 'GiveStoreKey' });
export const storeKeyGiven = storeKey
  .extend({ key: z.string().meta({ description: 'Shown this once' }) })
  .meta({ id: 'StoreKeyGiven' });
export type StoreKeyGivenView = z.infer<typeof storeKeyGiven>;
export const revokeStoreKeyBody = z
  .strictObject({ reason: z.string().trim().min(3).max(1000) })
  .meta({ id: 'RevokeStoreKey' });
