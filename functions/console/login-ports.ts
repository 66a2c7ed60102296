import type { Run } from '../../shared/platform/define-function';
import type { LoginPorts } from '../../shared/procedures/users/log-in';
import type { Passwords } from '../../shared/procedures/users/passwords';
import { scryptPasswords } from '../../shared/procedures/users/passwords';

/** Gives what logins need of a run. */
export type PortsOf = (run: Run) => LoginPorts;

let passwords: Passwords | undefined;

/** A run's ports with the instance's one place where passwords are hashed, a few at once. */
export function loginPorts({ ports }: Run): LoginPorts {
  passwords ??= scryptPasswords(ports.random);
  return { ...ports, passwords };
}
