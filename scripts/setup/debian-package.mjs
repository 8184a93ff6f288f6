import { step } from './progress.mjs';
import { findOnPath, runCommand, tail } from './run-command.mjs';

/**
 * A program that tests need: what `find` finds, else Debian's package, installed as root only: nobody's machine is
 * changed without the right to. `{ path }`, or `{ path: null, why, couldHave }`; `missing` says it where apt-get is
 * no way.
 */
export async function ensureDebianProgram({ find, packageName, purpose, missing }) {
  const found = find();
  if (found) return { path: found };
  const apt = findOnPath('apt-get');
  if (process.getuid?.() !== 0 || !apt) return { path: null, why: missing, couldHave: false };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const trouble = await step(`installing ${purpose} (apt-get)`, async () => {
    const install = ['install', '-y', '--no-install-recommends', packageName];
    const first = await runCommand(apt, install, { env });
    if (first.code === 0) return null;
    await runCommand(apt, ['update'], { env });
    const second = await runCommand(apt, install, { env });
    return second.code === 0 ? null : tail(second.output, 2);
  });
  const installed = find();
  if (installed) return { path: installed };
  return { path: null, why: `apt-get could not install ${packageName}: ${trouble}`, couldHave: true };
}
