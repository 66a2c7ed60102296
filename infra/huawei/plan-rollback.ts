import type { ActualFunction } from './actual-state';
import { readNote } from './actual-state';
import { DeployError } from './deploy-error';
import type { Step } from './steps';

/**
 * Points aliases back to the version before. Without a choice it is the newest release: every function whose alias it moved, and no
 * other. Done twice, it undoes itself. Triggers stay as they are. No smoke test: the version was live before, and what makes one
 * roll back may make a test fail. Throws DeployError NO_VERSION.
 */
export function planRollback(functions: readonly ActualFunction[], only: string | undefined): Step[] {
  const live = functions.flatMap((is) =>
    is.alias ? [{ is, alias: is.alias, note: readNote(is.alias.description) }] : [],
  );
  const newest = live.reduce<(typeof live)[number] | undefined>(
    (best, one) => (best && best.alias.modifiedAt >= one.alias.modifiedAt ? best : one),
    undefined,
  );
  const chosen = live.filter(({ is, note }) =>
    only === undefined ? note.release === newest?.note.release : is.functionName === only,
  );
  const movable = chosen.filter(({ note }) => note.before !== '');
  if (movable.length === 0) {
    throw new DeployError('NO_VERSION', `there is no version before${only === undefined ? '' : ` for ${only}`}`, {
      advice: 'Check out the commit that was good, and apply it: the same content becomes the same version.',
    });
  }
  return movable.map(({ is, alias, note }): Step => {
    if (!is.versions.some(({ name }) => name === note.before)) {
      throw new DeployError('NO_VERSION', `${is.functionName}: version ${note.before} is no longer there`, {
        advice: 'Check out the commit that was good, and apply it.',
      });
    }
    return {
      kind: 'move-alias',
      of: { name: is.functionName, urn: is.urn },
      ...{ from: alias.version, to: note.before },
      note: { release: `back-${note.release.replace(/^back-/, '')}`, before: alias.version, login: note.login },
    };
  });
}
