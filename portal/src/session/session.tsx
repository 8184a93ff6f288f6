import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { Scope, SessionView } from '../../../api/contract/session';
import { CallProblem, read, write } from '../http/call';

export const SessionContext = createContext<SessionView | null>(null);

export function useSession(): SessionView {
  const session = useContext(SessionContext);
  if (!session) throw new Error('used outside of a session');
  return session;
}

export function useMay(): (...scopes: readonly Scope[]) => boolean {
  const session = useSession();
  return (...scopes) => scopes.some((scope) => session.scopes.includes(scope));
}

/** Who is logged in: undefined while asking, null when nobody is. */
export function useSessionQuery() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        return await read<SessionView>('/api/v1/session');
      } catch (error) {
        if (error instanceof CallProblem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useLogIn() {
  const client = useQueryClient();
  return async (key: string) => {
    const session = await write<SessionView>('POST', '/api/v1/session', { key });
    client.setQueryData(['session'], session);
  };
}

export function useLogOut() {
  const client = useQueryClient();
  return async () => {
    await write('DELETE', '/api/v1/session').catch(() => undefined);
    // Nothing of what one person saw is left for the next one.
    client.setQueryData(['session'], null);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  };
}
