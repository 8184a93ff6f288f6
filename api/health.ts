import { Router } from 'express';
import type { Db } from '../db/connection';
import type { ApiDependencies } from './dependencies';

export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly database: 'up' | 'down' | 'not-migrated';
  readonly temporal: 'up' | 'down';
}

async function databaseState(db: Db, expected: readonly string[]): Promise<Readiness['database']> {
  try {
    const { rows } = await within(db.raw<{ rows: { name: string }[] }>('select name from migration'), 2_000);
    const applied = new Set(rows.map((row) => row.name));
    return expected.every((name) => applied.has(name)) ? 'up' : 'not-migrated';
  } catch (error) {
    // 42P01: there is no such table, so nothing was migrated yet.
    return (error as { code?: unknown }).code === '42P01' ? 'not-migrated' : 'down';
  }
}

function within<T>(work: PromiseLike<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Without Temporal the hub still takes orders, so it stays in the load balancer and says that it is degraded. */
export async function readReadiness(deps: ApiDependencies): Promise<Readiness> {
  const [database, temporal] = await Promise.all([
    databaseState(deps.db, deps.migrations),
    within(deps.engine.isThere(), 2_000).catch(() => false),
  ]);
  const status = database !== 'up' ? 'unavailable' : temporal ? 'ready' : 'degraded';
  return { status, database, temporal: temporal ? 'up' : 'down' };
}

export function healthRouter(deps: ApiDependencies): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const readiness = await readReadiness(deps);
    response.status(readiness.status === 'unavailable' ? 503 : 200).json(readiness);
  });
  return router;
}
