import { readdirSync, readFileSync } from 'node:fs';

/** Everything that a process has started, and what that has started. */
export function descendantsOf(pid: number): readonly number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
  return children.map(Number).flatMap((child) => [child, ...descendantsOf(child)]);
}

export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};
