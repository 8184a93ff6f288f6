import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/connection';
import { Program } from '../orders/processes';
import { type Action, act } from './actions';

/** What one contender heard; `fault` where its call failed, which no race may end in. */
export interface Heard {
  readonly outcome: string;
  readonly fault: string | null;
}

export interface Contenders {
  /** Lets them go at the same moment, one an action. */
  race(actions: readonly Action[], now: string): Promise<readonly Heard[]>;
}

/** In this process, over the connections of one pool. */
export function contendersOf(db: Db): Contenders {
  return { race: (actions, now) => Promise.all(actions.map((action) => heardOf(db, action, now))) };
}

export async function heardOf(db: Db, action: Action, now: string): Promise<Heard> {
  try {
    return { outcome: await act(db, action, now), fault: null };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return { outcome: 'fault', fault: `${code ?? ''} ${message ?? String(error)}`.trim() };
  }
}

/** Each a process of its own. With `killing`, one of them is killed at a drawn moment and does its work again. */
export class ContenderProcesses implements Contenders {
  readonly #programs: Program[] = [];
  #started = 0;
  readonly #killing: (() => number) | null;
  readonly #env: NodeJS.ProcessEnv;

  /** @param env what the processes find in their environment besides this one's */
  constructor(killing: (() => number) | null, env: NodeJS.ProcessEnv = {}) {
    this.#killing = killing;
    this.#env = env;
  }

  async race(actions: readonly Action[], now: string): Promise<readonly Heard[]> {
    while (this.#programs.length < actions.length) this.#programs.push(await this.#start());
    const victim = this.#killing ? Math.floor(this.#killing() * actions.length) : -1;
    return Promise.all(actions.map((action, at) => this.#ask(at, action, now, at === victim)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop()));
  }

  async #start(): Promise<Program> {
    this.#started += 1;
    const program = new Program(`contender-${this.#started}`, 'bench/race/contender.js', { env: this.#env });
    await program.ready();
    return program;
  }

  async #ask(at: number, action: Action, now: string, killed: boolean): Promise<Heard> {
    const program = this.#programs[at];
    if (!program) throw new Error('there is no such contender');
    const answer = program.answer<{ heard: Heard }>('heard');
    program.send({ action, now });
    if (!killed || this.#killing === null) return (await answer).heard;
    const pauseMs = this.#killing() * 25;
    const first = await Promise.race([answer, pause(pauseMs).then(() => null)]);
    await program.kill();
    this.#programs[at] = await this.#start();
    return first === null ? this.#ask(at, action, now, false) : first.heard;
  }
}
