import { DeployError } from './deploy-error';
import type { FunctionGraph } from './function-graph';

/**
 * Asks a version whether it can serve: the `ping` that every function answers when it has read its settings, made its clients and
 * read from the store (shared/platform/define-function.ts). Throws DeployError SMOKE_TEST with the request's id, and nothing of
 * what the function said: its error may hold what a log may not.
 */
export async function testVersion(
  api: FunctionGraph,
  { name, urn }: { readonly name: string; readonly urn: string },
  version: string,
): Promise<void> {
  const event = {
    ...{ version: 'v2.0', time: new Date().toISOString(), trigger_type: 'TIMER' },
    ...{ trigger_name: 'deployment', user_event: 'ping' },
  };
  const { status, result, requestId } = await api.invoke(`${urn}:${version}`, event);
  if (status === 200 && isOk(result)) return;
  throw new DeployError(
    'SMOKE_TEST',
    `${name}: ${version} does not answer its smoke test (status ${status}, request ${requestId || 'unknown'}); no alias was moved by this run`,
    {
      advice:
        'What is live stays as it was. Find the request in LTS by its id: call.failed says why, and BAD_SETTINGS names the setting. ' +
        'Then correct it and apply again.',
    },
  );
}

/** The result is JSON, on some runtimes JSON in a JSON text. */
function isOk(result: string): boolean {
  try {
    const once: unknown = JSON.parse(result);
    const value: unknown = typeof once === 'string' ? JSON.parse(once) : once;
    return typeof value === 'object' && value !== null && 'ok' in value && value.ok === true;
  } catch {
    return false;
  }
}
