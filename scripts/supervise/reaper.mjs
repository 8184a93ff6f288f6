/**
 * Where the kernel cannot tell a child that its parent died (no setpriv), this process does: it
 * reads `+PID SIGNAL` and `-PID` lines, and when its input ends it signals what is left.
 */
import { createInterface } from 'node:readline';

const watched = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [pid, signal] = line.slice(1).split(' ');
  if (line.startsWith('+')) watched.set(Number(pid), signal);
  else watched.delete(Number(pid));
}
for (const [pid, signal] of watched) {
  try {
    process.kill(pid, signal);
  } catch {
    // ended by itself
  }
}
