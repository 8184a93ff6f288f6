import { z } from 'zod';

/** What follows when a document breaks a rule. */
export const breachActions = ['reject', 'hold', 'advise', 'warn'] as const;
/**
 * reject: nothing follows from the document, and the partner is told (997/999 or 824, as the agreement says);
 * hold: the order waits for a person; advise: processed, and an 824 names the breach; warn: kept with the document.
 */
export type BreachAction = (typeof breachActions)[number];

const path = z.string().min(2).max(200);
const position = z.string().regex(/^[1-9]\d?$/, 'an element is named by its position, "1" to "99"');
const codes = z.array(z.string().min(1).max(80)).min(1).max(500);

/** `in`: one of these values; `absent`: not there at all; neither: there, whatever it holds. */
const when = z.strictObject({
  at: path,
  element: z.int().min(1).max(99).optional(),
  in: codes.optional(),
  absent: z.boolean().optional(),
});

const componentRule = z.strictObject({
  use: z.enum(['required', 'not-used']).optional(),
  /** The codes that this partner uses, out of those the standard has. */
  codes: codes.optional(),
  minimumLength: z.int().positive().optional(),
  maximumLength: z.int().positive().optional(),
  /** A narrower type: digits in an alphanumeric element, whole numbers in a decimal one. */
  type: z.enum(['AN', 'ID', 'N', 'R', 'DT', 'TM']).optional(),
  /** What a value looks like, one of these: 9 a digit, A a letter, X either; the rest stands for itself; a last * for any rest. */
  pictures: z.array(z.string().min(1).max(80)).min(1).max(50).optional(),
});
export type ComponentRule = z.infer<typeof componentRule>;

const elementRule = componentRule.extend({
  minimumRepeats: z.int().positive().optional(),
  maximumRepeats: z.int().positive().optional(),
  components: z.record(position, componentRule).optional(),
  /** What we write here when we have nothing of our own to say: the number by which the partner knows us. */
  fill: z.string().min(1).max(80).optional(),
});
export type ElementRule = z.infer<typeof elementRule>;

const rule = z.strictObject({
  /** The segment, by the loops it stands in: "BEG", "N1[ST]/N4", "HL[P]/MAN[GM]", "PO1/REF[01=IA]". */
  at: path,
  use: z.enum(['required', 'not-used']).optional(),
  /** How often it, or the loop that it opens, stands in its place. */
  minimum: z.int().positive().optional(),
  maximum: z.int().positive().optional(),
  elements: z.record(position, elementRule).optional(),
  /** The rule holds only where all of these do. */
  when: z.array(when).min(1).max(10).optional(),
  action: z.enum(breachActions).optional(),
  /** Why, in words for the partner's people. */
  text: z.string().max(200).optional(),
});
export type GuideRule = z.infer<typeof rule>;

const choice = z.strictObject({
  /** The loop in which the choice is made; '' is the set. */
  at: z.string().max(200).default(''),
  choose: z.enum(['exactly-one', 'at-least-one', 'at-most-one']),
  /** Each is chosen as a whole: [["DTM[010]"], ["DTM[037]", "DTM[038]"]]. */
  alternatives: z.array(z.array(path).min(1).max(10)).min(2).max(20),
  when: z.array(when).min(1).max(10).optional(),
  action: z.enum(breachActions).optional(),
  text: z.string().max(200).optional(),
});
export type GuideChoice = z.infer<typeof choice>;

const separator = z
  .string()
  .length(1)
  .regex(/^[^A-Za-z0-9 ]$/, 'a separator is neither letter, digit nor blank');

/**
 * A partner's guide: data over the standard that narrows it (requires, restricts, forbids, names), and never adds to
 * it. One set in one release. It is checked when it is saved (`checkGuide`) and kept in versions that never change.
 */
export const guideSchema = z.strictObject({
  name: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name is of lower-case letters, digits and hyphens'),
  title: z.string().max(200).default(''),
  set: z.string().regex(/^\d{3}$/),
  /** GS08: a release and the suffix that the partner wants. */
  version: z.string().regex(/^\d{6}[A-Z0-9]{0,6}$/),
  interchange: z
    .strictObject({
      separators: z
        .strictObject({
          element: separator,
          component: separator,
          repetition: separator.optional(),
          segment: separator,
        })
        .optional(),
      /** ISA12 */
      version: z
        .string()
        .regex(/^00[2-9]\d\d$/)
        .optional(),
      /** Of what comes in with other separators than these; warn where it does not say. None is rejected for it. */
      breach: z.enum(['hold', 'advise', 'warn']).optional(),
    })
    .default({}),
  /** Of an 850: the answer (855) is due within so many hours, where the customer's own policy names no time. */
  answerWithinHours: z.number().positive().max(720).optional(),
  acknowledgement: z
    .strictObject({
      form: z.enum(['997', '999']).optional(),
      detail: z.enum(['all', 'rejected']).optional(),
      /** acknowledge: breaches are named in the 997 or 999; advise: they are told by 824 alone. */
      breaches: z.enum(['acknowledge', 'advise']).default('advise'),
    })
    .default({ breaches: 'advise' }),
  /** Of rules that do not say. */
  breach: z.enum(breachActions).default('hold'),
  /** HL03 from the outside in, as S O P I: each level under the one before it, none without the next. */
  hierarchy: z.array(z.string().min(1).max(2)).min(2).max(10).optional(),
  choices: z.array(choice).max(100).default([]),
  rules: z.array(rule).max(1000).default([]),
});
export type Guide = z.infer<typeof guideSchema>;

/** Why a guide cannot be saved: `where` names the rule as its author wrote it. */
export interface GuideProblem {
  readonly where: string;
  readonly text: string;
}

export type ReadGuide =
  | { readonly kind: 'guide'; readonly guide: Guide }
  | { readonly kind: 'refused'; readonly problems: readonly GuideProblem[] };

/** A guide's form alone; `readGuide` of check-guide.ts holds it against the standard too. */
export function parseGuide(body: unknown): ReadGuide {
  const parsed = guideSchema.safeParse(body);
  if (parsed.success) return { kind: 'guide', guide: parsed.data };
  const problems = parsed.error.issues.map(({ path: place, message }) => ({
    where: place.map(String).join('.') || 'the guide',
    text: message,
  }));
  return { kind: 'refused', problems };
}
