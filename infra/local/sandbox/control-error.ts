/** An expected refusal of the control API, answered as `{code, message}` with this HTTP status. */
export class ControlError extends Error {
  constructor(
    readonly status: 400 | 404 | 409,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
