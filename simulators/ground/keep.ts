import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a simulator remembers: a map in memory whose every change is appended to a file, so that a simulator that was
 * killed knows after its restart what it has done. One JSON line a change, `[key, value]`; the last one counts.
 */
export class Keep<T> {
  readonly #values = new Map<string, T>();
  readonly #file: string | null;

  /** @param folder null keeps it in memory only */
  constructor(folder: string | null, name: string) {
    this.#file = folder === null ? null : join(folder, `${name}.jsonl`);
    if (folder !== null) mkdirSync(folder, { recursive: true });
    if (this.#file !== null && existsSync(this.#file)) this.#load(this.#file);
  }

  #load(file: string): void {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const change = readLine<T>(line);
      if (change) this.#values.set(change[0], change[1]);
    }
    // Written anew without what later lines replaced.
    const whole = [...this.#values].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    writeFileSync(`${file}.new`, whole);
    renameSync(`${file}.new`, file);
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): T {
    this.#values.set(key, value);
    if (this.#file !== null) appendFileSync(this.#file, `${JSON.stringify([key, value])}\n`);
    return value;
  }

  values(): T[] {
    return [...this.#values.values()];
  }

  get size(): number {
    return this.#values.size;
  }
}

/** The last line may be cut off where the process was killed while it wrote: that change did not happen. */
function readLine<T>(line: string): [string, T] | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as [string, T];
  } catch {
    return undefined;
  }
}
