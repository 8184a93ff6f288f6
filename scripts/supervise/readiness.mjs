import { SetupError } from '../setup/progress.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `url` answers 2xx; any HTTP answer at all does when `anyAnswer` is set. */
export async function answeringAt(url, { withinMs = 60_000, anyAnswer = false } = {}) {
  const deadline = Date.now() + withinMs;
  let last = 'no answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.ok || anyAnswer) return;
      last = `answered ${response.status}`;
    } catch (error) {
      last = error.cause?.code ?? error.message;
    }
    await pause(100);
  }
  throw new SetupError(`${url} is not ready after ${withinMs / 1000} s (${last}).`);
}
