import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import { endSession, openSession } from '../../db/repositories/api-keys';
import { addSeconds } from '../../domain/shared/dates';
import { loginBody, type SessionView } from '../contract/session';
import type { ApiDependencies } from '../dependencies';
import { forbidden, invalidRequest, unauthorised } from '../problems';
import { type Authenticator, hashSecret, PORTAL_HEADER, readCookie, SESSION_COOKIE } from './authenticate';
import type { Principal } from './principal';

const SESSION_SECONDS = 12 * 3600;

const sessionView = (principal: Principal, expiresAt: string | null): SessionView => ({
  name: principal.name,
  person: principal.person,
  roles: [...principal.roles],
  scopes: [...principal.scopes],
  partnerId: principal.partnerId,
  customerId: principal.customerId,
  nodeId: principal.nodeId,
  expiresAt,
  keyExpiresAt: principal.keyExpiresAt,
});

/**
 * The portal's login: a key is exchanged for an opaque cookie that scripts cannot read and other sites cannot send,
 * so that the key itself never lies in the browser's storage.
 */
export function sessionRouter(deps: ApiDependencies, authenticator: Authenticator): Router {
  const secure = deps.publicUrl.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const;
  const router = Router();

  router.post('/', express.json({ limit: '4kb' }), async (request: Request, response: Response) => {
    if (request.headers[PORTAL_HEADER] === undefined)
      throw forbidden(`Logging in needs the header ${PORTAL_HEADER}.`);
    const body = loginBody.safeParse(request.body);
    if (!body.success) throw invalidRequest(body.error, 'body');
    const principal = await authenticator.byKey(body.data.key);
    if (!principal)
      throw unauthorised(
        'This key is not known, was revoked or has expired. Check it, or ask for a new one.',
      );
    const token = randomBytes(32).toString('base64url');
    const expiresAt = addSeconds(deps.now(), SESSION_SECONDS);
    await openSession(deps.db, { tokenHash: hashSecret(token), apiKeyId: principal.keyId, expiresAt });
    response.cookie(SESSION_COOKIE, token, { ...cookie, maxAge: SESSION_SECONDS * 1000 });
    response.status(201).json(sessionView(principal, expiresAt));
  });

  router.get('/', async (request: Request, response: Response) => {
    const token = readCookie(request, SESSION_COOKIE);
    const principal = token === undefined ? undefined : await authenticator.bySession(token);
    if (!principal) throw unauthorised('Nobody is logged in.');
    response.setHeader('Cache-Control', 'no-store');
    response.json(sessionView(principal, null));
  });

  router.delete('/', async (request: Request, response: Response) => {
    if (request.headers[PORTAL_HEADER] === undefined)
      throw forbidden(`Logging out needs the header ${PORTAL_HEADER}.`);
    const token = readCookie(request, SESSION_COOKIE);
    if (token !== undefined) {
      await endSession(deps.db, hashSecret(token));
      authenticator.forgetSession(token);
    }
    response.clearCookie(SESSION_COOKIE, cookie);
    response.status(204).end();
  });
  return router;
}
