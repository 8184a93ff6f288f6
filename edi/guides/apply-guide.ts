import { dictionaryFor, type SegmentDef, type SetDef } from '../dictionary/dictionary';
import { baseReleaseOf } from '../dictionary/releases';
import type { Finding, ImplementationError } from '../validate/finding';
import type { Separators, TransactionSet } from '../x12/model';
import { elementBreaches } from './element-rules';
import { type BreachAction, breachActions, type Guide, type GuideChoice, type GuideRule } from './guide';
import {
  type CompiledChoice,
  type CompiledRule,
  type Context,
  compiledOf,
  contextsOf,
  dueAt,
  holds,
  matchesOf,
} from './guide-matches';
import {
  describeStep,
  find,
  type GuidePath,
  placesOf,
  type Standing,
  type Step,
  valueAt,
} from './guide-path';

/** A rule that a document breaks: the finding, which rule it was, and what is to follow. */
export interface GuideBreach {
  readonly finding: Finding;
  /** the rule's path, or what else of the guide is broken */
  readonly rule: string;
  readonly action: BreachAction;
}

/** Whether a breach rejects the set in its 997 or 999: only where the guide makes that the acknowledgement's matter. */
export function isAcknowledged({ action }: GuideBreach, { acknowledgement }: Guide): boolean {
  return acknowledgement.breaches === 'acknowledge' && action === 'reject';
}

/** More than a person reads, far less than fills memory. */
const mostBreaches = 10_000;

/**
 * What of a set that the standard accepts this guide does not, in the order of the document; [] for another set. The
 * guide is one that `checkGuide` passed: of any other, rules without a place in the standard find nothing.
 */
export function applyGuide(document: TransactionSet, guide: Guide): readonly GuideBreach[] {
  if (document.set !== guide.set) return [];
  const set = dictionaryFor(guide.version)?.set(guide.set) ?? null;
  if (set === null || baseReleaseOf(document.version) !== baseReleaseOf(guide.version))
    return [otherVersion(document, guide)];
  const run = new GuideRun(document, guide, set);
  for (const rule of compiledOf(guide).rules) run.rule(rule);
  for (const choice of compiledOf(guide).choices) run.choice(choice);
  if (guide.hierarchy) run.hierarchy(guide.hierarchy);
  return onePerPlace(run.breaches).sort((a, b) => a.finding.position - b.finding.position);
}

/** Two rules may find the same fault of one segment: it is named once, with what is graver. What is missing, each for itself. */
function onePerPlace(breaches: readonly GuideBreach[]): GuideBreach[] {
  const kept = new Map<string, GuideBreach>();
  for (const breach of breaches) {
    const { segmentError, position, element, component, repetition, elementError } = breach.finding;
    const place = [position, segmentError, element, component, repetition, elementError];
    const key = segmentError === '3' ? `${place.join()},${breach.rule}` : place.join();
    const known = kept.get(key);
    if (!known || breachActions.indexOf(breach.action) < breachActions.indexOf(known.action))
      kept.set(key, breach);
  }
  return [...kept.values()];
}

/** "DTM[010] | DTM[037] + DTM[038]" */
const choiceName = ({ alternatives }: GuideChoice): string =>
  alternatives.map((one) => one.join(' + ')).join(' | ');

class GuideRun {
  readonly breaches: GuideBreach[] = [];
  private readonly document: TransactionSet;
  private readonly guide: Guide;
  private readonly set: SetDef;

  constructor(document: TransactionSet, guide: Guide, set: SetDef) {
    this.document = document;
    this.guide = guide;
    this.set = set;
  }

  rule(compiledRule: CompiledRule): void {
    const { rule, path } = compiledRule;
    const step = path.at(-1) as Step;
    const [place] = placesOf(this.set, path);
    if (!place) return;
    const minimum = rule.minimum ?? (rule.use === 'required' ? 1 : 0);
    const maximum = rule.use === 'not-used' ? 0 : rule.maximum;
    for (const { context, here } of matchesOf(this.document.root, compiledRule)) {
      const isLoop = place.loop !== null;
      const depends = (rule.when ?? []).length > 0;
      if (here.length < minimum) {
        const times = minimum === 1 ? '' : ` ${minimum} times`;
        const text = `${this.guide.name} requires ${describeStep(step)}${times} here, it stands ${here.length} times`;
        this.add(rule, {
          segment: step.id,
          position: dueAt(this.document, this.set, context.loop, path),
          chain: context.chain,
          code: '3',
          implementation: depends ? 'I6' : isLoop ? 'I7' : 'I8',
          text,
        });
      }
      for (const { segment } of maximum === undefined ? [] : here.slice(maximum)) {
        const text =
          maximum === 0
            ? `${this.guide.name} does not use ${describeStep(step)} here`
            : `${this.guide.name} takes ${describeStep(step)} at most ${maximum} times here`;
        const notUsed = depends ? 'I9' : 'I4';
        this.add(rule, {
          segment: segment.id,
          position: segment.position,
          chain: context.chain,
          code: maximum === 0 ? '2' : isLoop ? '4' : '5',
          implementation: maximum === 0 ? notUsed : null,
          text,
        });
      }
      for (const standing of here.slice(0, maximum)) this.elements(rule, place.segment, context, standing);
    }
  }

  choice({ choice: stored, path, alternatives, when }: CompiledChoice): void {
    const choice = { ...stored, at: choiceName(stored) };
    for (const context of contextsOf(this.document.root, path)) {
      if (!when.every((one) => holds(this.document.root, one, context.chain))) continue;
      const present = alternatives.map((one) => one.map((inner) => find(context.loop, inner)));
      const whole = present.filter((one) => one.every((found) => found.length > 0));
      const names = alternatives
        .map((one) => one.map((inner) => describeStep(inner.at(-1) as Step)).join(' and '))
        .join(', or ');
      if (whole.length === 0 && choice.choose !== 'at-most-one') {
        const [first] = (alternatives[0] as readonly GuidePath[])[0] as GuidePath;
        this.add(choice, {
          segment: (first as Step).id,
          position: dueAt(this.document, this.set, context.loop, [...path, first as Step]),
          chain: context.chain,
          code: '3',
          implementation: 'I6',
          text: `${this.guide.name} asks for ${names}: none is there in full`,
        });
      }
      if (whole.length > 1 && choice.choose !== 'at-least-one') {
        const extra = whole[1]?.[0]?.[0]?.segment;
        if (extra)
          this.add(choice, {
            segment: extra.id,
            position: extra.position,
            chain: context.chain,
            code: '2',
            implementation: 'I9',
            text: `${this.guide.name} takes only one of ${names}`,
          });
      }
      if (whole.length <= 1) this.halves(choice, context, present, names);
    }
  }

  /** Of a pair that is not chosen nothing may stand: half a ship window is neither this nor that. */
  private halves(
    choice: GuideChoice,
    context: Context,
    present: readonly (readonly (readonly Standing[])[])[],
    names: string,
  ): void {
    const chosen = new Set(
      present
        .filter((one) => one.every((found) => found.length > 0))
        .flat(2)
        .map(({ segment }) => segment),
    );
    for (const one of present) {
      if (one.every((found) => found.length > 0)) continue;
      const [half] = one.flat();
      if (!half || chosen.has(half.segment)) continue;
      this.add(choice, {
        segment: half.segment.id,
        position: half.segment.position,
        chain: context.chain,
        code: '2',
        implementation: 'I9',
        text: `${this.guide.name} takes ${names} only as a whole`,
      });
    }
  }

  hierarchy(levels: readonly string[]): void {
    const path = [{ id: 'HL', where: [] }];
    const standings = find(this.document.root, path);
    const levelOf = new Map(standings.map(({ segment }) => [valueAt(segment, 1), valueAt(segment, 3)]));
    const parents = new Set(standings.map(({ segment }) => valueAt(segment, 2)));
    const breach = (standing: Standing, element: number | null, text: string): void => {
      const value = element === null ? '' : valueAt(standing.segment, element);
      this.add(
        {},
        {
          segment: 'HL',
          position: standing.segment.position,
          chain: [],
          code: '8',
          element: { position: element ?? 1, value, reference: element === 3 ? '735' : '734' },
          elementCode: '7',
          implementation: element === 3 ? 'I6' : 'I12',
          text: `${this.guide.name} nests HL as ${levels.join(' ')}: ${text}`,
        },
      );
    };
    for (const standing of standings) {
      const level = valueAt(standing.segment, 3);
      const depth = levels.indexOf(level);
      const parent = levelOf.get(valueAt(standing.segment, 2));
      if (depth < 0) breach(standing, 3, `there is no level ${level}`);
      else if ((levels[depth - 1] ?? undefined) !== parent)
        breach(standing, 2, `${level} does not stand under ${parent ?? 'nothing'}`);
      else if (depth < levels.length - 1 && !parents.has(valueAt(standing.segment, 1)))
        breach(standing, 3, `this ${level} has no ${levels[depth + 1]}`);
    }
  }

  private elements(rule: GuideRule, def: SegmentDef, { chain }: Context, { segment }: Standing): void {
    const depends = (rule.when ?? []).length > 0;
    for (const [position, elementRule] of Object.entries(rule.elements ?? {})) {
      const at = Number(position);
      const usage = def.elements[at - 1];
      if (!usage) continue;
      const separators: Separators = this.document.separators;
      for (const fault of elementBreaches(valueAt(segment, at), usage, elementRule, {
        separators,
        depends,
      })) {
        const component = fault.component === null ? '' : `-${String(fault.component).padStart(2, '0')}`;
        const place = `${segment.id}${String(at).padStart(2, '0')}${component}`;
        this.add(rule, {
          segment: segment.id,
          position: segment.position,
          chain,
          code: '8',
          element: { ...fault, position: at },
          elementCode: fault.error,
          implementation: fault.implementation,
          text: `${place}: ${fault.text}`,
        });
      }
    }
  }

  private add(
    {
      at: rule = 'hierarchy',
      action,
      text: why,
    }: {
      readonly at?: string | undefined;
      readonly action?: BreachAction | undefined;
      readonly text?: string | undefined;
    },
    at: BreachAt,
  ): void {
    if (this.breaches.length >= mostBreaches) return;
    this.breaches.push({
      finding: findingOf(at, why),
      rule,
      action: action ?? this.guide.breach,
    });
  }
}

interface BreachAt {
  readonly segment: string;
  readonly position: number;
  readonly chain: readonly Standing[];
  /** AK304 */
  readonly code: string;
  /** AK403 */
  readonly elementCode?: string;
  readonly element?: {
    readonly position: number;
    readonly value: string;
    readonly reference: string | null;
    readonly component?: number | null;
    readonly repetition?: number | null;
  };
  readonly implementation: ImplementationError | null;
  readonly text: string;
}

function findingOf(at: BreachAt, why: string | undefined): Finding {
  const bounded = at.chain.find(({ segment }) => segment.id === 'LS');
  return {
    segment: at.segment,
    position: at.position,
    loop: bounded ? valueAt(bounded.segment, 1) || null : null,
    segmentError: at.code,
    element: at.element?.position ?? null,
    component: at.element?.component ?? null,
    repetition: at.element?.repetition ?? null,
    reference: at.element?.reference ?? null,
    elementError: at.elementCode ?? null,
    value: (at.element?.value ?? '').slice(0, 99),
    severity: 'guide',
    text: why === undefined ? at.text : `${at.text} (${why})`,
    ...(at.implementation === null ? {} : { implementationError: at.implementation }),
  };
}

function otherVersion(document: TransactionSet, guide: Guide): GuideBreach {
  const text = `${guide.name} is written for ${guide.version}, the document is in ${document.version}`;
  const at = { segment: 'ST', position: 1, chain: [], code: '8', implementation: null, text };
  return { finding: findingOf(at, undefined), rule: 'version', action: guide.breach };
}
