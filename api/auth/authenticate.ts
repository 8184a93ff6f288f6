import { createHash } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Db } from '../../db/connection';
import { type ApiKeyRow, findLiveApiKey, findSessionKey } from '../../db/repositories/api-keys';
import type { Scope } from '../contract/session';
import { forbidden, unauthorised } from '../problems';
import type { Principal } from './principal';

export const SESSION_COOKIE = 'hub_session';
/** Browsers send no custom header across sites without asking first, so its presence proves that the portal's own script called. */
export const PORTAL_HEADER = 'x-hub-portal';

const STORE_SCOPE: Scope = 'stores:work';

// The secrets are random with 256 bits, not passwords: one SHA-256 cannot be guessed backwards and costs no time per call.
export const hashSecret = (secret: string) => createHash('sha256').update(secret, 'utf8').digest('hex');

interface Remembered {
  readonly principal: Principal | undefined;
  readonly until: number;
}

/**
 * Keys looked up are remembered for a few seconds, so that a busy caller does not cost a query a call; a revoked key
 * stops working after that time at the latest. Bounded: wrong keys cannot fill the memory.
 */
export class Authenticator {
  private readonly remembered = new Map<string, Remembered>();
  private readonly db: Db;
  private readonly rememberMs: number;

  constructor(db: Db, rememberMs = 5_000) {
    this.db = db;
    this.rememberMs = rememberMs;
  }

  async byKey(secret: string): Promise<Principal | undefined> {
    return this.lookUp(`key ${hashSecret(secret)}`, async (hash) => {
      const row = await findLiveApiKey(this.db, hash);
      return row && principalOf(row, null);
    });
  }

  async bySession(token: string): Promise<Principal | undefined> {
    return this.lookUp(`session ${hashSecret(token)}`, async (hash) => {
      const row = await findSessionKey(this.db, hash);
      return row && principalOf(row, row.session_id);
    });
  }

  /** Logging out holds at once, not when the memory runs out. */
  forgetSession(token: string): void {
    this.remembered.delete(`session ${hashSecret(token)}`);
  }

  private async lookUp(
    name: string,
    find: (hash: string) => Promise<Principal | undefined>,
  ): Promise<Principal | undefined> {
    const known = this.remembered.get(name);
    if (known && known.until > Date.now()) return known.principal;
    const principal = await find(name.slice(name.indexOf(' ') + 1));
    if (this.remembered.size >= 10_000) this.remembered.clear();
    this.remembered.set(name, { principal, until: Date.now() + this.rememberMs });
    return principal;
  }
}

function principalOf(row: ApiKeyRow, sessionId: string | null): Principal {
  return {
    keyId: row.id,
    keyExpiresAt: row.expires_at,
    name: row.name,
    // Whatever a key of a store was given besides, it works the store's tasks.
    scopes: new Set(row.node_id === null ? row.scopes : row.scopes.filter((scope) => scope === STORE_SCOPE)),
    partnerId: row.partner_id,
    customerId: row.customer_id,
    nodeId: row.node_id,
    person: row.person,
    roles: row.roles,
    sessionId,
  };
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return decodeURIComponent(value.join('='));
  }
  return undefined;
}

export function bearerOf(request: Request): string | undefined {
  const match = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '');
  return match?.[1];
}

export type AuthenticatedResponse = Response<unknown, { principal: Principal }>;

/** A bearer key, or the portal's session cookie with its header on everything that writes. */
export function authenticate(authenticator: Authenticator): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const principal = await identify(authenticator, request);
    response.locals['principal'] = principal;
    next();
  };
}

async function identify(authenticator: Authenticator, request: Request): Promise<Principal> {
  if (request.headers.authorization !== undefined) {
    const key = bearerOf(request);
    const principal = key === undefined ? undefined : await authenticator.byKey(key);
    if (!principal)
      throw unauthorised(
        'The key is not known, was revoked or has expired. Send "Authorization: Bearer <key>".',
      );
    return principal;
  }
  const token = readCookie(request, SESSION_COOKIE);
  if (token === undefined) throw unauthorised('Send a key: "Authorization: Bearer <key>".');
  const principal = await authenticator.bySession(token);
  if (!principal) throw unauthorised('Your session has ended. Log in again.');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads && request.headers[PORTAL_HEADER] === undefined) {
    throw forbidden(`A session may write only with the header ${PORTAL_HEADER}.`);
  }
  return principal;
}
