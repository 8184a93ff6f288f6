import { dictionaryFor, type Place, type SetDef } from '../dictionary/dictionary';
import { checkElements } from './check-elements';
import {
  type ElementRule,
  type Guide,
  type GuideProblem,
  type GuideRule,
  parseGuide,
  type ReadGuide,
} from './guide';
import {
  covers,
  describeStep,
  type GuidePath,
  parsePath,
  placesOf,
  type Step,
  stepCovers,
  stepText,
} from './guide-path';

/** A guide from JSON: its form, then what it says held against the standard. */
export function readGuide(body: unknown): ReadGuide {
  const read = parseGuide(body);
  if (read.kind === 'refused') return read;
  const problems = checkGuide(read.guide);
  return problems.length === 0 ? read : { kind: 'refused', problems };
}

/**
 * Why a guide cannot be kept: it asks for what the standard has no place for or forbids, forbids what the standard
 * demands, or contradicts itself. [] for a guide that only narrows, and that a document can satisfy.
 */
export function checkGuide(guide: Guide): readonly GuideProblem[] {
  const set = dictionaryFor(guide.version)?.set(guide.set) ?? null;
  if (dictionaryFor(guide.version) === null)
    return [{ where: 'version', text: `there is no dictionary for release ${guide.version}` }];
  if (set === null)
    return [{ where: 'set', text: `release ${guide.version} has no transaction set ${guide.set}` }];
  return new GuideCheck(guide, set).run();
}

/** A rule with its place in the standard. */
interface ResolvedRule {
  readonly rule: GuideRule;
  readonly path: GuidePath;
  readonly place: Place;
  readonly minimum: number;
  /** null: as many as the standard takes */
  readonly maximum: number | null;
}

class GuideCheck {
  private readonly problems: GuideProblem[] = [];
  private readonly guide: Guide;
  private readonly set: SetDef;

  constructor(guide: Guide, set: SetDef) {
    this.guide = guide;
    this.set = set;
  }

  run(): readonly GuideProblem[] {
    this.checkInterchange();
    const rules = this.guide.rules.flatMap((rule) => this.resolve(rule));
    for (const rule of rules) this.checkOccurrence(rule);
    for (const rule of rules) this.checkAgainstOthers(rule, rules);
    for (const rule of rules) this.checkRoom(rule, rules);
    this.checkChoices(rules);
    this.checkHierarchy();
    return this.problems;
  }

  private problem(where: string, text: string): void {
    this.problems.push({ where, text });
  }

  private checkInterchange(): void {
    const { separators, version, breach } = this.guide.interchange;
    if (breach !== undefined && !separators)
      this.problem('interchange.breach', 'without separators there is none to break');
    if (this.guide.answerWithinHours !== undefined && this.guide.set !== '850')
      this.problem('answerWithinHours', `an 850 is answered in time, not the ${this.guide.set}`);
    if (separators) {
      const used = Object.values(separators);
      if (new Set(used).size !== used.length) this.problem('interchange.separators', 'they are not distinct');
    }
    if (version !== undefined && this.guide.version >= '005010' && version < '00402')
      this.problem('interchange.version', `${this.guide.version} does not travel in ${version}`);
  }

  /** The path in the standard; a problem where there is no such place. */
  private path(text: string, where: string): GuidePath | null {
    const path = parsePath(text);
    if (path === null) {
      this.problem(where, `"${text}" is not a path: loops and segment are told apart as in N1[ST]/N4`);
      return null;
    }
    for (let depth = 1; depth <= path.length; depth += 1) {
      const step = path[depth - 1] as Step;
      const places = placesOf(this.set, path.slice(0, depth));
      const inner = path.slice(0, depth - 1).map(({ id }) => id);
      const around =
        inner.length === 0 ? `the ${this.guide.set}` : `loop ${inner.join('/')} of the ${this.guide.set}`;
      if (places.length === 0) {
        this.problem(where, `${around} has no ${step.id} in ${this.guide.version}`);
        return null;
      }
      if (depth < path.length && places.every(({ loop }) => loop === null)) {
        this.problem(where, `${step.id} opens no loop in ${around}`);
        return null;
      }
      if (!this.checkStep(step, places[0] as Place, where)) return null;
    }
    return path;
  }

  private checkStep(step: Step, place: Place, where: string): boolean {
    for (const { element, values } of step.where) {
      const usage = place.segment.elements[element - 1];
      if (!usage) {
        this.problem(where, `${step.id} has no element ${element}`);
        return false;
      }
      const rule: ElementRule = { codes: [...values] };
      const found = checkElements(place.segment, { [String(element)]: rule }, { where });
      this.problems.push(...found);
      if (found.length > 0) return false;
    }
    return true;
  }

  private resolve(rule: GuideRule): ResolvedRule[] {
    const where = rule.at;
    const path = this.path(rule.at, where);
    if (path === null) return [];
    const place = placesOf(this.set, path).at(-1) as Place;
    this.checkConditions(rule.when, path, where, rule);
    if (
      rule.use === 'not-used' &&
      (rule.minimum !== undefined || rule.maximum !== undefined || rule.elements)
    )
      this.problem(where, 'what is not used has neither number nor elements');
    const minimum = rule.minimum ?? (rule.use === 'required' ? 1 : 0);
    const maximum = rule.use === 'not-used' ? 0 : (rule.maximum ?? null);
    return [{ rule, path, place, minimum, maximum }];
  }

  private checkConditions(
    when: GuideRule['when'],
    path: GuidePath,
    where: string,
    rule: Pick<GuideRule, 'use' | 'minimum'> = {},
  ): void {
    for (const condition of when ?? []) {
      const at = `${where}, when ${condition.at}`;
      const own = this.path(condition.at, at);
      if (own === null) continue;
      const itself =
        own.length === path.length && own.every((step, n) => stepText(step) === stepText(path[n] as Step));
      if (itself && (rule.use === 'required' || rule.minimum !== undefined))
        this.problem(at, 'whether a segment is required cannot depend on the segment itself');
      if (condition.in && condition.element === undefined)
        this.problem(at, 'values are those of an element: say which');
      if (condition.in && condition.absent) this.problem(at, 'what is absent has no value');
      if (condition.element === undefined) continue;
      const { segment } = placesOf(this.set, own).at(-1) as Place;
      const asked: ElementRule = condition.in ? { codes: condition.in } : {};
      this.problems.push(...checkElements(segment, { [String(condition.element)]: asked }, { where: at }));
    }
  }

  private checkOccurrence({ rule, path, place, minimum, maximum }: ResolvedRule): void {
    const step = path.at(-1) as Step;
    const name = describeStep(step);
    const places = placesOf(this.set, path);
    const most = places.some(({ max }) => max === 0) ? 0 : places.reduce((sum, { max }) => sum + max, 0);
    if (most > 0 && minimum > most)
      this.problem(rule.at, `it asks for ${name} ${minimum} times, the standard has room for ${most}`);
    if (most > 0 && maximum !== null && maximum > most)
      this.problem(
        rule.at,
        `it allows ${name} ${maximum} times, the standard at most ${most}: a guide only narrows`,
      );
    if (maximum !== null && minimum > maximum)
      this.problem(rule.at, `it asks for ${name} ${minimum} times and allows it ${maximum} times`);
    if (maximum === 0 && place.required && step.where.length === 0)
      this.problem(rule.at, `${step.id} is mandatory in the standard: it cannot be "not used"`);
    const discriminators = Object.fromEntries(
      step.where.map(({ element, values }) => [
        String(element),
        { use: 'required' as const, codes: [...values] },
      ]),
    );
    const isUsed = rule.use !== 'not-used';
    if (rule.elements)
      this.problems.push(
        ...checkElements(place.segment, rule.elements, { where: rule.at, given: discriminators, isUsed }),
      );
  }

  /** Every pair of rules that speak of the same segments must leave something that satisfies both. */
  private checkAgainstOthers(narrow: ResolvedRule, rules: readonly ResolvedRule[]): void {
    if (narrow.rule.use === 'not-used') return;
    const wider = rules.filter(
      (one) => one !== narrow && covers(one.path, narrow.path) && holdsWith(one, narrow),
    );
    if (narrow.minimum > 0) {
      for (const { path, maximum, rule } of wider) {
        if (maximum !== null && maximum < narrow.minimum)
          this.problem(
            narrow.rule.at,
            `it is required, and the rule ${rule.at} allows ${describeStep(path.at(-1) as Step)} ${maximum} times`,
          );
      }
      for (const { path, maximum, rule } of rules) {
        const above = narrow.path.slice(0, path.length);
        if (
          maximum === 0 &&
          path.length < narrow.path.length &&
          covers(path, above) &&
          rule.when === undefined
        )
          this.problem(
            narrow.rule.at,
            `it is required, and the rule ${rule.at} says that its loop is not used`,
          );
      }
    }
    const step = narrow.path.at(-1) as Step;
    const given = Object.fromEntries(
      step.where.map(({ element, values }) => [
        String(element),
        { use: 'required' as const, codes: [...values] },
      ]),
    );
    for (const one of wider) {
      // Each pair once where both mean the same segments.
      if (covers(narrow.path, one.path) && rules.indexOf(one) > rules.indexOf(narrow)) continue;
      if (!one.rule.elements) continue;
      const together = [one.rule.elements, narrow.rule.elements ?? {}, given];
      const texts = checkElements(narrow.place.segment, one.rule.elements, {
        where: `${narrow.rule.at} with ${one.rule.at}`,
        given: {},
        together: together.slice(1),
        isUsed: true,
      });
      this.problems.push(...texts.filter((two) => !this.problems.some((known) => known.text === two.text)));
    }
  }

  /** REF[DP] and REF[IA] cannot both stand where one REF has room. */
  private checkRoom(wide: ResolvedRule, rules: readonly ResolvedRule[]): void {
    const parent = wide.path.slice(0, -1);
    const step = wide.path.at(-1) as Step;
    const bare: Step = { id: step.id, where: [] };
    const required = rules.filter(
      ({ path, minimum, rule }) =>
        minimum > 0 &&
        rule.when === undefined &&
        path.length === wide.path.length &&
        covers(parent, path.slice(0, -1)) &&
        stepCovers(bare, path.at(-1) as Step),
    );
    const room = (limit: number, who: string, among: readonly ResolvedRule[]): void => {
      const apart = among.filter((one, at) =>
        among.slice(0, at).every((other) => areApart(one.path, other.path)),
      );
      const sum = apart.reduce((total, { minimum }) => total + minimum, 0);
      if (apart.length > 1 && sum > limit) {
        const names = apart.map(({ path }) => stepText(path.at(-1) as Step)).join(', ');
        const text = `${names} are required together, ${who} has room for ${limit}`;
        if (!this.problems.some((one) => one.text === text)) this.problem(wide.rule.at, text);
      }
    };
    const places = placesOf(this.set, wide.path);
    const most = places.some(({ max }) => max === 0) ? 0 : places.reduce((sum, { max }) => sum + max, 0);
    if (most > 0) room(most, 'the standard', required);
    if (wide.maximum !== null && wide.maximum > 0 && wide.rule.when === undefined)
      room(
        wide.maximum,
        'the guide',
        required.filter(({ path }) => covers(wide.path, path)),
      );
  }

  private checkChoices(rules: readonly ResolvedRule[]): void {
    this.guide.choices.forEach((choice, index) => {
      const where = `choices.${index}`;
      const parent = this.path(choice.at, where);
      if (parent === null) return;
      this.checkConditions(choice.when, parent, where);
      const texts = choice.alternatives.map((one) => [...one].sort().join(' '));
      if (new Set(texts).size !== texts.length) this.problem(where, 'it names one alternative twice');
      const required: string[] = [];
      const impossible: string[] = [];
      for (const alternative of choice.alternatives) {
        const paths = alternative.map((text) =>
          this.path(choice.at === '' ? text : `${choice.at}/${text}`, where),
        );
        const rulesFor = (path: GuidePath | null) =>
          path === null ? [] : rules.filter((one) => one.rule.when === undefined && covers(one.path, path));
        if (paths.some((path) => rulesFor(path).some(({ maximum }) => maximum === 0)))
          impossible.push(alternative.join(' and '));
        if (
          paths.every((path) =>
            rulesFor(path).some((one) => one.minimum > 0 && path && covers(path, one.path)),
          )
        )
          required.push(alternative.join(' and '));
      }
      if (choice.choose !== 'at-least-one' && required.length > 1)
        this.problem(where, `only one is to be chosen, and rules require ${required.join(', and ')}`);
      if (choice.choose !== 'at-most-one' && impossible.length === choice.alternatives.length)
        this.problem(where, 'one is to be chosen, and rules say that none of them is used');
      else if (impossible.length > 0)
        this.problem(where, `it offers ${impossible.join(', ')}, which a rule says is not used`);
    });
  }

  private checkHierarchy(): void {
    const { hierarchy } = this.guide;
    if (!hierarchy) return;
    const [place] = placesOf(this.set, [{ id: 'HL', where: [] }]);
    if (!place) {
      this.problem('hierarchy', `the ${this.guide.set} has no HL`);
      return;
    }
    if (new Set(hierarchy).size !== hierarchy.length) this.problem('hierarchy', 'it names a level twice');
    this.problems.push(
      ...checkElements(place.segment, { '3': { codes: hierarchy } }, { where: 'hierarchy' }),
    );
  }
}

/** A rule under a condition speaks to another one only where that has none, or the same. */
function holdsWith(one: ResolvedRule, other: ResolvedRule): boolean {
  return one.rule.when === undefined || JSON.stringify(one.rule.when) === JSON.stringify(other.rule.when);
}

/** No segment is meant by both. */
function areApart(one: GuidePath, other: GuidePath): boolean {
  return one.some((step, at) => {
    const across = other[at] as Step;
    return step.where.some(({ element, values }) =>
      across.where.some(
        (two) => two.element === element && !two.values.some((value) => values.includes(value)),
      ),
    );
  });
}
