import { constants } from 'node:os';
import { say } from './progress.mjs';

/**
 * Aborted with our exit code by the first signal that asks us to end; the same comes from the terminal and from npm, and
 * none of those that follow cuts the cleaning up short.
 */
export function listenForEnd() {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!ending.signal.aborted) say('\nStopping ...');
      ending.abort(128 + constants.signals[signal]);
    });
  }
  return ending.signal;
}
