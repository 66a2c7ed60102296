import type { ActualFunction } from './actual-state';
import { readNote } from './actual-state';
import { identityOf } from './triggers';

/** A stage's functions for people: what is live, since when, what a rollback would go to, and what calls it. */
export function statusText(functions: readonly ActualFunction[]): string {
  if (functions.length === 0) return 'nothing is deployed\n';
  return functions
    .map(({ functionName, alias, versions, triggers, instancesMax }) => {
      const note = readNote(alias?.description ?? '');
      const live = alias ? `${alias.version} since ${alias.modifiedAt}` : 'nothing: no alias';
      return [
        functionName,
        `  live       ${live}${alias?.isSplit ? ', with a second version beside it' : ''}`,
        `  before     ${note.before || '(none)'}   release ${note.release || '(none)'}`,
        `  versions   ${versions.length}   instances at most ${instancesMax ?? '(no limit)'}`,
        ...triggers.map((trigger) => `  trigger    ${trigger.status.padEnd(8)} ${identityOf(trigger)}`),
        '',
      ].join('\n');
    })
    .join('\n');
}
