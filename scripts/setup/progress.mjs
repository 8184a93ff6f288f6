/**
 * What the set-up says while it works. Everything goes to stderr, so that the output of a command
 * (`hub ... --json`, a benchmark's table) stays clean on stdout.
 */
const startedAtMs = Date.now();

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function elapsedSeconds(sinceMs = startedAtMs) {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}

/** Runs one step; a step that takes long says every ten seconds that it is still going. */
export async function step(title, work) {
  const beganMs = Date.now();
  let spoke = false;
  const first = setTimeout(() => {
    spoke = true;
    say(`- ${title} ...`);
  }, 400);
  const ticker = setInterval(
    () => say(`  still ${title} (${Math.round((Date.now() - beganMs) / 1000)} s)`),
    10_000,
  );
  try {
    const result = await work();
    if (spoke) say(`  done: ${title} (${elapsedSeconds(beganMs)} s)`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(ticker);
  }
}

/** An error whose message is meant for the person at the keyboard: shown without a stack. */
export class SetupError extends Error {}

/** Ends a script the same way everywhere: a set-up error as plain text, anything else with its stack. */
export function failScript(error) {
  say(error instanceof SetupError ? `\n${error.message}` : `\n${error?.stack ?? error}`);
  process.exit(1);
}
