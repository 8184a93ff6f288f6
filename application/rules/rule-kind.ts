import type { z } from 'zod';
import type { Db, Tx } from '../../db/connection';

/** One version of a rule. `scope` is what it is for: see the kind. Its body never changes; a correction is a version. */
export interface Rule<Body> {
  readonly scope: string;
  readonly version: number;
  readonly body: Body;
}

/** A kind of rule that the company's own people edit: what its data looks like and what must hold over all of them. */
export interface RuleKind<Body = unknown> {
  readonly kind: string;
  readonly title: string;
  /** For whoever edits it: what follows from a rule of this kind. */
  readonly about: string;
  /** What a scope is, in words, and which ones there can be. */
  readonly scopeIs: string;
  readonly scope: z.ZodType<string>;
  readonly body: z.ZodType<Body>;
  readonly example: unknown;
  /**
   * What speaks against a set of rules of this kind as a whole (circles, names that nothing has).
   * @param rules all that would be in force, the new one among them
   * @returns sentences for the person who saves; empty: nothing
   */
  // A method, so that kinds of different bodies fit into one list.
  check?(rules: readonly Rule<Body>[], db: Db): readonly string[] | Promise<readonly string[]>;
  /** What else is to happen once a version is saved or withdrawn: jobs only, in the same transaction. */
  saved?(tx: Tx, rule: { readonly scope: string; readonly validFrom: string | null }): Promise<void>;
}

/** Keeps the type of the body for `readRules`. */
export const ruleKind = <Body>(kind: RuleKind<Body>): RuleKind<Body> => kind;
