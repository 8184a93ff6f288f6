import type { LoopDef, SetDef } from '../dictionary/dictionary';
import type { Loop, TransactionSet } from '../x12/model';
import type { Guide, GuideChoice, GuideRule } from './guide';
import {
  find,
  type GuidePath,
  parsePath,
  placesOf,
  type Standing,
  type Step,
  standingsIn,
  stepText,
  valueAt,
} from './guide-path';

export interface CompiledCondition {
  readonly path: GuidePath;
  /** how many steps it has in common with its rule: so many stand in the same loops */
  readonly common: number;
  readonly element: number | null;
  readonly values: readonly string[] | null;
  readonly absent: boolean;
}

export interface CompiledRule {
  readonly rule: GuideRule;
  readonly path: GuidePath;
  /** about the document or the loop it stands in */
  readonly outer: readonly CompiledCondition[];
  /** about the segment itself */
  readonly own: readonly CompiledCondition[];
}

export interface CompiledChoice {
  readonly choice: GuideChoice;
  readonly path: GuidePath;
  readonly alternatives: readonly (readonly GuidePath[])[];
  readonly when: readonly CompiledCondition[];
}

export interface CompiledGuide {
  readonly rules: readonly CompiledRule[];
  readonly choices: readonly CompiledChoice[];
}

const compiled = new WeakMap<Guide, CompiledGuide>();

export function compiledOf(guide: Guide): CompiledGuide {
  const known = compiled.get(guide);
  if (known) return known;
  const built: CompiledGuide = {
    rules: guide.rules.flatMap((rule) => {
      const path = parsePath(rule.at);
      if (path === null || path.length === 0) return [];
      const conditions = conditionsOf(rule.when, path);
      return [
        {
          rule,
          path,
          outer: conditions.filter(({ common }) => common < path.length),
          own: conditions.filter(({ common }) => common === path.length),
        },
      ];
    }),
    choices: guide.choices.flatMap((choice) => {
      const path = parsePath(choice.at);
      const alternatives = choice.alternatives.map((one) =>
        one.flatMap((text) => {
          const inner = parsePath(text);
          return inner === null ? [] : [inner];
        }),
      );
      return path === null ? [] : [{ choice, path, alternatives, when: conditionsOf(choice.when, path) }];
    }),
  };
  compiled.set(guide, built);
  return built;
}

/** Conditions share the loops that they have in common with their rule: "PO1/CTP" when "PO1/PO4" means one PO1. */
function conditionsOf(when: GuideRule['when'], path: GuidePath): CompiledCondition[] {
  return (when ?? []).flatMap(({ at, element, in: values, absent }) => {
    const own = parsePath(at);
    if (own === null) return [];
    let common = 0;
    while (common < own.length && common < path.length && sameStep(own[common], path[common])) common += 1;
    return [{ path: own, common, element: element ?? null, values: values ?? null, absent: absent ?? false }];
  });
}

const sameStep = (one: Step | undefined, other: Step | undefined): boolean =>
  one !== undefined && other !== undefined && stepText(one) === stepText(other);

/** A loop of the document, with the segments that opened it and those around it, outermost first. */
export interface Context {
  readonly chain: readonly Standing[];
  readonly loop: Loop;
}

/** The loops of a document that a path means. */
export function contextsOf(root: Loop, loops: GuidePath): readonly Context[] {
  let found: Context[] = [{ chain: [], loop: root }];
  for (const step of loops) {
    found = found.flatMap(({ chain, loop }) =>
      standingsIn(loop, step).flatMap((standing) =>
        standing.loop === null ? [] : [{ chain: [...chain, standing], loop: standing.loop }],
      ),
    );
  }
  return found;
}

/** Where a rule holds, and what stands there of the segment that it speaks of. */
export function matchesOf(
  root: Loop,
  { path, outer, own }: CompiledRule,
): readonly { readonly context: Context; readonly here: readonly Standing[] }[] {
  const step = path.at(-1) as Step;
  return contextsOf(root, path.slice(0, -1))
    .filter(({ chain }) => outer.every((one) => holds(root, one, chain)))
    .map((context) => ({
      context,
      here: standingsIn(context.loop, step).filter((standing) =>
        own.every((one) => holds(root, one, [...context.chain, standing])),
      ),
    }));
}

export function holds(root: Loop, condition: CompiledCondition, chain: readonly Standing[]): boolean {
  const { path, common, element, values, absent } = condition;
  const base = common === 0 ? null : (chain[common - 1] ?? null);
  const loop = base === null ? root : base.loop;
  const rest = path.slice(common);
  const meant =
    rest.length === 0 && base !== null ? [base] : loop === null || rest.length === 0 ? [] : find(loop, rest);
  const found =
    element === null ? meant.map(() => 'there') : meant.map(({ segment }) => valueAt(segment, element));
  const given = found.filter((value) => value !== '');
  if (absent) return given.length === 0;
  return values === null || element === null
    ? given.length > 0
    : given.some((value) => values.includes(value));
}

/** Where a segment was due: at the first one that comes after it in the standard's order, else behind its loop. */
export function dueAt(document: TransactionSet, set: SetDef, loop: Loop, path: GuidePath): number {
  const id = (path.at(-1) as Step).id;
  const def = loopDefOf(set, path.slice(0, -1));
  const index = def?.byId.get(id)?.at(-1) ?? 0;
  const starts = [
    ...(loop.id === '' ? loop.segments : loop.segments.slice(1)),
    ...loop.loops.flatMap((inner) => inner.segments.slice(0, 1)),
  ].sort((a, b) => a.position - b.position);
  let last = -1;
  for (const segment of starts) {
    const at = def?.byId.get(segment.id)?.find((place) => place >= last) ?? last;
    if (at > index) return segment.position;
    last = at;
  }
  return Math.min(lastPosition(loop) + 1, document.segmentCount);
}

function loopDefOf(set: SetDef, path: GuidePath): LoopDef | null {
  if (path.length === 0) return set.root;
  return placesOf(set, path).find(({ loop }) => loop !== null)?.loop ?? null;
}

function lastPosition(loop: Loop): number {
  let last = loop.segments.at(-1)?.position ?? 1;
  let inner = loop.loops.at(-1);
  while (inner) {
    last = Math.max(last, inner.segments.at(-1)?.position ?? 0);
    inner = inner.loops.at(-1);
  }
  return last;
}
