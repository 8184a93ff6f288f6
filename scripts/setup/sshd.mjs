import { existsSync } from 'node:fs';
import { ensureDebianProgram } from './debian-package.mjs';
import { findOnPath } from './run-command.mjs';

/** sshd lies outside an ordinary user's PATH. */
const PLACES = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'];

function find() {
  const keygen = findOnPath('ssh-keygen');
  if (!keygen) return null;
  return findOnPath('sshd') ?? PLACES.find((path) => existsSync(path)) ?? null;
}

/**
 * An OpenSSH server for the SFTP tests: `{ path }`, or `{ path: null, why, couldHave }`. Debian's package is installed
 * as root only, like the browser; nothing is started but what a test starts itself, on a loopback port.
 */
export async function ensureSshd() {
  if (process.env.SSHD_PATH) return { path: process.env.SSHD_PATH };
  return ensureDebianProgram({
    find,
    packageName: 'openssh-server',
    purpose: 'OpenSSH for the SFTP tests',
    missing: 'no sshd here; install openssh-server or set SSHD_PATH',
  });
}
