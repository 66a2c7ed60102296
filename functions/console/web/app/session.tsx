import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { createContext, useContext, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import type { Role } from '../../../../shared/domain/user/user';
import { hasRole } from '../../../../shared/domain/user/user';
import type { Session } from '../../schema/session';
import { setCsrfToken, whenSignedOut } from '../kit/api';
import { ErrorView } from '../kit/error-view';
import { queryClient, useApi } from '../kit/queries';

type SignedIn = Session & { readonly user: NonNullable<Session['user']> };

export const SESSION = '/api/session';

const SessionContext = createContext<SignedIn | null>(null);

/** Who is logged in; only inside {@link RequireSession}. */
export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is logged in here');
  return session;
}

/** Whether the person may do what this role may. The API checks it again on every route. */
export function useMay(role: Role): boolean {
  return hasRole(useSession().user.role, role);
}

/** Keeps the session's answer; also after a login, and when it has run out. */
export function takeSession(session: Session): void {
  setCsrfToken(session.csrfToken);
  queryClient.setQueryData([SESSION, {}], session);
}

/** What is inside is for people who are logged in; others are asked to, and come back to where they were. */
export function RequireSession({ children }: { children: ReactNode }) {
  const location = useLocation();
  const { data, error, refetch } = useApi<Session>(SESSION, {}, { liveMs: 5 * 60_000 });
  useEffect(() => {
    whenSignedOut(() => void refetch());
  }, [refetch]);
  if (error && !data) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton active />;
  setCsrfToken(data.csrfToken);
  const to = encodeURIComponent(location.pathname + location.search);
  if (!data.user) return <Navigate to={`/login?to=${to}`} replace />;
  if (data.mustChangePassword) return <Navigate to={`/password?to=${to}`} replace />;
  return <SessionContext value={data as SignedIn}>{children}</SessionContext>;
}
