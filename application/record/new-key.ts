import { createHash, randomBytes } from 'node:crypto';

/** A key that nobody can guess, to be shown once, and the hash of it that is kept. */
export function newKey(): { readonly key: string; readonly secretHash: string } {
  const key = `hub_${randomBytes(32).toString('base64url')}`;
  return { key, secretHash: createHash('sha256').update(key, 'utf8').digest('hex') };
}
