import type { UseQueryResult } from '@tanstack/react-query';
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { Query } from './api';
import { ApiError, callApi } from './api';
import { useErrorText } from './error-text';

/** What the API answered is kept by path and query; a refused request is not asked again by itself, an unanswered one is, twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});

/** An answer of the API, asked again every `liveMs` while the page is looked at. */
export function useApi<T>(
  path: string,
  query: Query = {},
  options: { liveMs?: number | false; enabled?: boolean; keep?: boolean } = {},
): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path, query],
    queryFn: ({ signal }) => callApi<T>('GET', path, { query, signal }),
    refetchInterval: options.liveMs ?? false,
    enabled: options.enabled ?? true,
    ...(options.keep && { placeholderData: keepPreviousData }),
  });
}

/**
 * An action of a person. When it is done, everything that is shown is asked again; when it is refused, the reason is told,
 * unless `onError` takes it (returns true).
 */
export function useAction<A, T = unknown>(
  act: (input: A) => Promise<T>,
  options: {
    done?: string | ((answer: T) => string);
    onDone?: (answer: T) => void;
    onError?: (error: ApiError) => boolean;
  } = {},
) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const errorText = useErrorText();
  return useMutation<T, Error, A>({
    mutationFn: act,
    onSuccess: (answer) => {
      void client.invalidateQueries();
      if (options.done !== undefined) {
        void message.success(typeof options.done === 'string' ? options.done : options.done(answer));
      }
      options.onDone?.(answer);
    },
    onError: (error) => {
      if (error instanceof ApiError && options.onError?.(error)) return;
      void message.error(errorText(error), 8);
    },
  });
}
