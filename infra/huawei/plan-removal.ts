import type { ActualFunction } from './actual-state';
import type { Step } from './steps';
import { ALIAS } from './desired-state';
import { identityOf } from './triggers';

/** Takes a function away: first what calls it, then the alias (which cannot go while it has triggers, FSS.1154), then all of it. */
export function planRemoval(is: ActualFunction, why: string): Step[] {
  const name = is.functionName;
  const { alias } = is;
  const triggers = alias ? is.triggers : [];
  return [
    ...triggers.map((trigger): Step => {
      return { kind: 'delete-trigger', of: { name, aliasUrn: alias?.urn ?? '' }, trigger, why: identityOf(trigger) };
    }),
    ...(alias?.name === ALIAS ? [{ kind: 'delete-alias', of: { name, urn: is.urn } } as const] : []),
    { kind: 'delete-function', of: is, why },
  ];
}
