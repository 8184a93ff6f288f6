/**
 * A finding is a fact about a document and where it stands; it is never thrown. `syntax` findings are
 * what an acknowledgement reports, `guide` breaches and `business` faults are for people, 824 or a hold.
 */
export interface Finding {
  /** segment id as sent; for a missing segment the one that is due */
  readonly segment: string;
  /** place in the set, ST is 1 (AK302); for a missing segment that of the segment found instead */
  readonly position: number;
  /** LS01 of the bounded loop it stands in (AK303) */
  readonly loop: string | null;
  /** AK304; 8 where the fault is in an element */
  readonly segmentError: string;
  readonly element: number | null;
  readonly component: number | null;
  readonly repetition: number | null;
  /** data element reference number (AK402) */
  readonly reference: string | null;
  /** AK403 */
  readonly elementError: string | null;
  /** copy of the bad value (AK404): at most 99 characters, empty for an invalid character */
  readonly value: string;
  readonly severity: 'syntax' | 'guide' | 'business';
  /** for a breach of a guide, the code of its own that a 999 has for it: I4, I6 ... (IK304), I6, I9 ... (IK403) */
  readonly implementationError?: ImplementationError;
  /** what made the missing due or the present excluded; a 999 names it */
  readonly trigger?: Trigger;
  readonly text: string;
}

/** The place that set off a condition. */
export interface Trigger {
  readonly segment: string;
  readonly position: number;
  readonly element: number | null;
  readonly component: number | null;
  readonly reference: string | null;
}

/**
 * IK304: I4 segment not used here, I6 dependent segment missing, I7 loop below its minimum, I8 segment below its
 * minimum, I9 dependent segment not used here. IK403: I6 code not used, I9 dependent element missing, I10 element not
 * used here, I11 too few repetitions, I12 does not match its pattern, I13 dependent element not used here.
 */
export type ImplementationError = 'I4' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12' | 'I13';

/** AK304 (element 720). */
export const segmentErrors = {
  unrecognized: '1',
  unexpected: '2',
  missing: '3',
  loopOverMaximum: '4',
  overMaximumUse: '5',
  notInSet: '6',
  outOfSequence: '7',
  elementErrors: '8',
} as const;

/** AK403 (element 723); 12 and 13 from 4020 on. */
export const elementErrors = {
  missing: '1',
  conditionalMissing: '2',
  tooManyElements: '3',
  tooShort: '4',
  tooLong: '5',
  invalidCharacter: '6',
  invalidCode: '7',
  invalidDate: '8',
  invalidTime: '9',
  excluded: '10',
  tooManyRepetitions: '12',
  tooManyComponents: '13',
} as const;

export type SegmentError = (typeof segmentErrors)[keyof typeof segmentErrors];
export type ElementError = (typeof elementErrors)[keyof typeof elementErrors];

export const segmentErrorTexts: Readonly<Record<SegmentError, string>> = {
  '1': 'no such segment in this release',
  '2': 'not expected here',
  '3': 'mandatory segment is missing',
  '4': 'the loop occurs more often than allowed',
  '5': 'the segment occurs more often than allowed',
  '6': 'not part of this transaction set',
  '7': 'its place in the set has already passed',
  '8': 'has element errors',
};

export const elementErrorTexts: Readonly<Record<ElementError, string>> = {
  '1': 'mandatory element is missing',
  '2': 'element is required here because of others',
  '3': 'more elements than the segment has',
  '4': 'too short',
  '5': 'too long',
  '6': 'has a character its type does not allow',
  '7': 'not a code of this element',
  '8': 'not a date',
  '9': 'not a time',
  '10': 'must be absent because of others',
  '12': 'repeated more often than allowed',
  '13': 'more components than the element has',
};
