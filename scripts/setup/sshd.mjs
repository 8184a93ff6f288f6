import { existsSync } from 'node:fs';
import { step } from './progress.mjs';
import { findOnPath, runCommand, tail } from './run-command.mjs';

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
  const found = find();
  if (found) return { path: found };
  const apt = findOnPath('apt-get');
  if (process.getuid?.() !== 0 || !apt) {
    return { path: null, why: 'no sshd here; install openssh-server or set SSHD_PATH', couldHave: false };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const trouble = await step('installing OpenSSH for the SFTP tests (apt-get)', async () => {
    const install = ['install', '-y', '--no-install-recommends', 'openssh-server'];
    const first = await runCommand(apt, install, { env });
    if (first.code === 0) return null;
    await runCommand(apt, ['update'], { env });
    const second = await runCommand(apt, install, { env });
    return second.code === 0 ? null : tail(second.output, 2);
  });
  const installed = find();
  if (installed) return { path: installed };
  return { path: null, why: `apt-get could not install openssh-server: ${trouble}`, couldHave: true };
}
