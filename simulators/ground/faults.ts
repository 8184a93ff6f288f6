import { z } from 'zod';

/** The ways in which an outside system can be made to misbehave; all off to begin with. */
export const faultSettings = z.strictObject({
  /** The faults of requests touch only paths that begin with this. */
  path: z.string(),
  /** Every request waits this long before its work. */
  latencyMs: z.int().min(0).max(600_000),
  /** Share of requests that are answered with errorStatus and not worked. */
  errorRate: z.number().min(0).max(1),
  /** The next n requests are answered with errorStatus and not worked. */
  failNext: z.int().min(0),
  errorStatus: z.int().min(400).max(599),
  /** Share of POSTs that are worked and whose answer never arrives. */
  loseAnswerRate: z.number().min(0).max(1),
  /** The next n POSTs are worked, and their answer never arrives. */
  loseAnswers: z.int().min(0),
  /** Every callback is sent this many times more. */
  duplicateCallbacks: z.int().min(0).max(20),
  /** Callbacks overtake each other. */
  shuffleCallbacks: z.boolean(),
  callbackDelayMs: z.int().min(0).max(600_000),
  /** Idempotency-Key is not looked at, and the same reference is worked again. */
  ignoreIdempotencyKeys: z.boolean(),
  /** Connections are cut before anything is read. */
  down: z.boolean(),
});
export type FaultSettings = z.infer<typeof faultSettings>;
export const faultChange = faultSettings.partial();

const noFaults: FaultSettings = {
  path: '',
  latencyMs: 0,
  errorRate: 0,
  failNext: 0,
  errorStatus: 500,
  loseAnswerRate: 0,
  loseAnswers: 0,
  duplicateCallbacks: 0,
  shuffleCallbacks: false,
  callbackDelayMs: 0,
  ignoreIdempotencyKeys: false,
  down: false,
};

export class Faults {
  #settings: FaultSettings = { ...noFaults };

  get settings(): FaultSettings {
    return this.#settings;
  }

  change(change: unknown): FaultSettings {
    const given = Object.entries(faultChange.parse(change)).filter(([, value]) => value !== undefined);
    this.#settings = { ...this.#settings, ...Object.fromEntries(given) };
    return this.#settings;
  }

  clear(): FaultSettings {
    this.#settings = { ...noFaults };
    return this.#settings;
  }

  /** The status to fail this request with, or undefined; a counted failure is used up by the question. */
  failureOfThisRequest(): number | undefined {
    const { failNext, errorRate, errorStatus } = this.#settings;
    if (failNext > 0) {
      this.#settings = { ...this.#settings, failNext: failNext - 1 };
      return errorStatus;
    }
    return errorRate > 0 && Math.random() < errorRate ? errorStatus : undefined;
  }

  losesThisAnswer(): boolean {
    const { loseAnswers, loseAnswerRate } = this.#settings;
    if (loseAnswers > 0) {
      this.#settings = { ...this.#settings, loseAnswers: loseAnswers - 1 };
      return true;
    }
    return loseAnswerRate > 0 && Math.random() < loseAnswerRate;
  }
}
