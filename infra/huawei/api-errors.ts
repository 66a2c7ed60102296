import { DeployError } from './deploy-error';

/** What to do about answers that people meet. */
const ADVICE: Readonly<Record<string, string>> = {
  'FSS.0401': 'Check the access key, its rights on FunctionGraph, and projectId and region in the stage file.',
  'FSS.0403': 'Give the user of the access key the policy FunctionGraph FullAccess for this project.',
  'FSS.1005': 'Set `runtime` in the stage file to one that the region has; the console lists them.',
  'FSS.1007': 'Set memorySize in function.yml to one of 128, 256, 512, 768, 1024 … 4096.',
  'FSS.1017': 'A function takes 20 settings: leave out of `settings` what is the default.',
  'FSS.1018':
    'Settings are too large for this region: set userDataBytesMax to 2048 in the stage file and see what is too much.',
  'FSS.1041': 'The account has no room for more functions: delete some, or ask for more by a ticket.',
  'FSS.1066': 'Another alias is on this version: delete it, or point it elsewhere.',
  'FSS.1071': 'The code is too large for an upload through the API.',
  'FSS.1113': 'The Kafka instance asks for a login: set kafka.user in the stage file and YIPAN_KAFKA_PASSWORD.',
  'FSS.1114': "The function must be in the Kafka instance's own VPC and subnet: correct `network` in the stage file.",
  'FSS.1123': 'A version takes ten triggers that pull; delete those that were made by hand.',
  'FSS.1154': 'Triggers that were made by hand are on the alias: delete them in the console.',
  'APIGW.0301': 'Check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, and the clock of this machine.',
  'APIGW.0302': 'Check the clock of this machine: a signature is good for 15 minutes.',
};

/** An error of the SDK, by the members that are known of it. Its other members hold the whole request, secrets among them. */
interface SdkError {
  readonly httpStatusCode?: number;
  readonly errorCode?: string;
  readonly errorMsg?: string;
  readonly requestId?: string;
}

/**
 * Turns what the SDK throws into our error. Takes code, message and request id only, and no `cause`: the SDK's own error carries
 * the request with its body. `doing` says which call on what.
 */
export function apiError(doing: string, thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown;
  const { httpStatusCode: httpStatus, errorCode, errorMsg, requestId } = (thrown ?? {}) as SdkError;
  const what = errorMsg ?? (thrown instanceof Error ? thrown.message : 'no reason given');
  const where = requestId ? ` (request ${requestId})` : '';
  if (httpStatus === undefined) {
    return new DeployError('NETWORK', `${doing}: no answer: ${what}`, {
      advice:
        'Check region and endpoint in the stage file, and the way to them. Then run the same command again: it goes on where it was.',
    });
  }
  const code = isCode(errorCode) ? errorCode : (`HTTP.${httpStatus}` as const);
  return new DeployError(code, `${doing}: ${httpStatus} ${code} ${what}${where}`, {
    advice:
      ADVICE[code] ??
      'Look the code up under FunctionGraph, API Reference, Error Codes; then run the same command again.',
    httpStatus,
  });
}

function isCode(code: string | undefined): code is `FSS.${string}` | `APIGW.${string}` {
  return code !== undefined && /^(FSS|APIGW)\.\d+$/.test(code);
}

/** Whether a repeat can help: throttled, the platform's own fault, or nobody answered. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof DeployError)) return false;
  return error.code === 'NETWORK' || error.httpStatus === 429 || (error.httpStatus ?? 0) >= 500;
}

/** Whether a refusal says that the thing is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof DeployError && error.httpStatus === 404;
}

/** Whether a refusal says that the thing is there already. */
export function isPresent(error: unknown): boolean {
  return error instanceof DeployError && error.httpStatus === 409;
}
