/** What the tool itself finds wrong; the platform's own codes (`FSS.1051`) stand beside them. */
type OwnCode =
  | 'USAGE'
  | 'STAGE_FILE'
  | 'FUNCTION_FILE'
  | 'BUNDLE_MISSING'
  | 'SETTINGS'
  | 'SECRETS_MISSING'
  | 'CREDENTIALS_MISSING'
  | 'BAD_ANSWER'
  | 'NETWORK'
  | 'VERSION_TAKEN'
  | 'SMOKE_TEST'
  | 'NO_VERSION'
  | 'NOT_CONFIRMED';

/** Says what is wrong and where in its message, and what to do in `advice`. Never holds a setting's secret value. */
export class DeployError extends Error {
  readonly advice: string;
  readonly httpStatus: number | undefined;

  constructor(
    readonly code: OwnCode | `FSS.${string}` | `APIGW.${string}` | `HTTP.${number}`,
    message: string,
    { advice, httpStatus, cause }: { advice: string; httpStatus?: number; cause?: unknown },
  ) {
    super(message, { cause });
    this.advice = advice;
    this.httpStatus = httpStatus;
  }
}
