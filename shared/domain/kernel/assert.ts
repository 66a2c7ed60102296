/** A broken invariant: our own mistake. The message stops there and nothing carries on over it. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** Throws {@link InvariantBroken} unless the condition holds. Stays on in production. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvariantBroken(claim);
}

/** Closes a switch over a union: a new member breaks the build instead of the warehouse. */
export function assertNever(value: never): never {
  throw new InvariantBroken(`unexpected case: ${JSON.stringify(value)}`);
}
