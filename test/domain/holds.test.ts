import fc from 'fast-check';
import { type Authority, authorityOver, decideAuthority } from '../../domain/approval/authority';
import { standsInFor, whyNotSubstitute } from '../../domain/approval/substitution';
import { circlesOf } from '../../domain/order/hold-circles';
import { isOrderHeld, isStepBlocked, linesHeld, stepsHeldOf } from '../../domain/order/hold-scope';
import { type TriggerFacts, triggeredHolds } from '../../domain/order/hold-triggers';
import { defaultHoldTypes, type HoldType, plainHoldType } from '../../domain/order/hold-types';

const type = (name: string, more: Partial<HoldType> = {}): HoldType => ({
  ...plainHoldType,
  type: name,
  ...more,
});

const facts: TriggerFacts = {
  channel: 'portal',
  orderType: 'standard',
  customerId: 'ACME',
  totalMinor: 100_000,
  currency: 'USD',
  firstOrder: false,
  shipToCountry: 'US',
  lines: [
    { lineNumber: 1, itemId: 'BOLT', itemClass: null },
    { lineNumber: 2, itemId: 'SPRAY', itemClass: 'hazardous' },
  ],
};
const asked = (
  triggers: HoldType['triggers'],
  more: Partial<TriggerFacts> = {},
  scopes?: HoldType['scopes'],
) =>
  triggeredHolds([type('check', { triggers, ...(scopes && { scopes }) })], { ...facts, ...more }).map(
    ({ lineNumber }) => lineNumber,
  );

describe('what a rule holds', () => {
  test('all conditions of a trigger have to hold, and one trigger is enough', () => {
    expect(asked([{ channels: ['portal'], customers: ['ACME'] }])).toEqual([null]);
    expect(asked([{ channels: ['portal'], customers: ['OTHER'] }])).toEqual([]);
    expect(asked([{ customers: ['OTHER'] }, { orderTypes: ['standard'] }])).toEqual([null]);
    expect(asked([{ firstOrder: true }])).toEqual([]);
    expect(asked([{ firstOrder: true }], { firstOrder: true })).toEqual([null]);
  });

  test('an amount counts from itself on, and in its own currency only', () => {
    const amount = { fromMinor: 100_000, currency: 'USD' };
    expect(asked([{ amount }])).toEqual([null]);
    expect(asked([{ amount }], { totalMinor: 99_999 })).toEqual([]);
    expect(asked([{ amount }], { currency: 'EUR' })).toEqual([]);
  });

  test('goods hold their own lines, or the order where the type does not go on lines or all lines match', () => {
    expect(asked([{ itemClasses: ['hazardous'] }])).toEqual([2]);
    expect(asked([{ itemClasses: ['hazardous'] }], {}, ['order'])).toEqual([null]);
    expect(asked([{ shipToCountries: ['US'] }])).toEqual([null]);
    expect(asked([{ shipToCountries: ['CA'] }])).toEqual([]);
    const lines = [{ ...facts.lines[0], shipToCountry: 'CA' }, facts.lines[1]] as TriggerFacts['lines'];
    expect(asked([{ shipToCountries: ['CA'] }], { lines })).toEqual([1]);
  });
});

describe('what a hold stops', () => {
  const on = (
    lineNumber: number | null,
    blocks = ['answer', 'release'],
    shipmentId: string | null = null,
  ) => ({
    lineNumber,
    shipmentId,
    blocks,
  });
  test('a line on hold leaves the others flowing; the order waits once every line does', () => {
    expect(isOrderHeld([on(1)], [1, 2])).toBe(false);
    expect(isOrderHeld([on(1), on(2)], [1, 2])).toBe(true);
    expect(isOrderHeld([on(1)], [1])).toBe(true);
    expect(isOrderHeld([on(null)], [1, 2])).toBe(true);
    expect([...linesHeld([on(1), on(2, ['answer'])], 'release')]).toEqual([1]);
  });
  test('a hold of a shipment stops nothing else, and one of the invoice not the order', () => {
    expect(isOrderHeld([on(null, ['release', 'ship'], 'S1')], [1])).toBe(false);
    expect(isOrderHeld([on(null, ['invoice'])], [1])).toBe(false);
    const standing = [on(null, ['ship'], 'S1'), on(2, ['invoice'])];
    expect(stepsHeldOf(standing, { shipmentId: 'S1', lines: [1] })).toEqual(['ship']);
    expect(stepsHeldOf(standing, { shipmentId: 'S2', lines: [2] })).toEqual(['invoice']);
  });
  test('the order flows again when the last blocking hold is gone, in whatever order they go', () => {
    const hold = fc.record({
      lineNumber: fc.option(fc.integer({ min: 1, max: 4 })),
      shipmentId: fc.constant(null),
      blocks: fc.subarray(['answer', 'release', 'ship', 'invoice']),
    });
    fc.assert(
      fc.property(fc.array(hold, { maxLength: 6 }), (holds) => {
        const held = (some: typeof holds) => isOrderHeld(some, [1, 2, 3, 4]);
        for (let n = holds.length; n > 0; n--)
          // Taking one away never holds what was free.
          if (!held(holds.slice(0, n))) expect(held(holds.slice(0, n - 1))).toBe(false);
        expect(held([])).toBe(false);
        expect(isStepBlocked(holds.toReversed(), [1, 2, 3, 4], 'release')).toBe(
          isStepBlocked(holds, [1, 2, 3, 4], 'release'),
        );
      }),
    );
  });
});

describe('rules that could never be got out of', () => {
  const circle = (...types: HoldType[]) => circlesOf(types).map(({ text }) => text);
  test('A only after B and B only after A is named', () => {
    expect(circle(type('a', { resolvedAfter: ['b'] }), type('b', { resolvedAfter: ['a'] }))).toEqual([
      'A hold could never be resolved: a only after b only after a',
    ]);
  });
  test('an escalation that returns is named, its owner counted in', () => {
    const escalation = { to: ['finance-manager', 'finance'], againAfterSeconds: 1 };
    expect(circle(type('credit', { role: 'finance', escalation }))).toEqual([
      'The escalation of a credit hold comes back to where it was: finance to finance-manager to finance',
    ]);
  });
  test('a hold whose resolution brings it back is named, directly or by way of others', () => {
    expect(circle(type('a', { opensAfter: ['a'] }))).toEqual([
      'Resolving a hold would bring it back for ever: a opens a',
    ]);
    const three = [
      type('a', { opensAfter: ['c'] }),
      type('b', { opensAfter: ['a'] }),
      type('c', { opensAfter: ['b'] }),
    ];
    expect(circle(...three)[0]).toContain('c opens a opens b opens c');
  });
  test('a chain without a circle is none, and none of the types delivered has one', () => {
    expect(
      circle(type('a', { resolvedAfter: ['b', 'c'] }), type('b', { resolvedAfter: ['c'] }), type('c')),
    ).toEqual([]);
    expect(circlesOf(defaultHoldTypes)).toEqual([]);
  });
});

describe('who may decide', () => {
  const grant = (more: Partial<Authority> = {}): Authority => ({
    role: 'finance',
    holdTypes: ['credit'],
    maximumMinor: 1000,
    secondPersonAboveMinor: null,
    ...more,
  });
  const ask = (authorities: Authority[], more: object = {}) =>
    decideAuthority(authorities, {
      holdType: 'credit',
      totalMinor: 1000,
      currency: 'USD',
      entityCurrency: 'USD',
      rates: [],
      riskClass: 'A',
      overLimitPercent: '5',
      person: 'ann',
      roles: ['finance'],
      earlierApprovals: [],
      ...more,
    });
  test('measures an order in another currency by the stated rate, and does not reach it without one', () => {
    const rates = [{ from: 'JPY', to: 'USD', rate: '0.01', version: 1, source: 'ECB' }];
    const yen = { currency: 'JPY', totalMinor: 1000 };
    expect(ask([grant()], yen)).toMatchObject({ kind: 'refused', code: 'over-authority' });
    expect(ask([grant()], { ...yen, rates })).toMatchObject({ kind: 'sufficient' });
    expect(ask([grant()], { ...yen, totalMinor: 1001, rates })).toMatchObject({ kind: 'refused' });
    expect(ask([grant({ secondPersonAboveMinor: 999 })], { ...yen, rates }).kind).toBe('needs-second-person');
    expect(ask([grant({ maximumMinor: null })], yen).kind).toBe('sufficient');
  });
  test('reaches as far as its amount, its risk classes, its percentage over the limit and its currency', () => {
    expect(ask([grant({ riskClasses: ['A'], maximumOverLimitPercent: '5' })]).kind).toBe('sufficient');
    expect(ask([grant({ riskClasses: ['B'] })])).toMatchObject({ code: 'over-authority' });
    expect(ask([grant({ riskClasses: ['A'] })], { riskClass: null })).toMatchObject({
      code: 'over-authority',
    });
    expect(ask([grant({ maximumOverLimitPercent: '4.99' })])).toMatchObject({ code: 'over-authority' });
    expect(ask([grant({ maximumOverLimitPercent: '0' })], { overLimitPercent: null }).kind).toBe(
      'sufficient',
    );
    expect(ask([grant({ currency: 'EUR' })])).toMatchObject({ code: 'over-authority' });
    expect(ask([grant({ maximumMinor: 1 }), grant({ riskClasses: ['A'] })]).kind).toBe('sufficient');
  });
  test('four eyes are four: neither the same person, nor one in the name of the other', () => {
    const two = [grant({ secondPersonAboveMinor: 1 })];
    const by = (person: string, inNameOf: string | null = null) => ({ person, inNameOf });
    expect(ask(two, { earlierApprovals: [by('sue', 'ann')] })).toMatchObject({ code: 'same-person' });
    expect(ask(two, { person: 'sue', inNameOf: 'bob', earlierApprovals: [by('bob')] })).toMatchObject({
      code: 'same-person',
    });
    expect(ask(two, { person: 'sue', inNameOf: 'bob', earlierApprovals: [by('sue')] })).toMatchObject({
      code: 'same-person',
    });
    expect(ask(two, { person: 'sue', inNameOf: 'bob', earlierApprovals: [by('ann')] }).kind).toBe(
      'sufficient',
    );
  });
  test('nobody approves an own order, not through a substitute and not as one', () => {
    expect(ask([grant()], { requestedBy: ['ann'] })).toMatchObject({ code: 'own-order' });
    expect(ask([grant()], { person: 'sue', inNameOf: 'ann', requestedBy: ['ann'] })).toMatchObject({
      code: 'own-order',
    });
    expect(ask([grant()], { person: 'sue', inNameOf: 'bob', requestedBy: ['sue'] })).toMatchObject({
      code: 'own-order',
    });
    expect(ask([grant()], { requestedBy: ['clara'] }).kind).toBe('sufficient');
  });
  test('a type that names its roles is decided by those, each with its own authority or without a limit', () => {
    const over = (resolvedBy: string[] | null) =>
      authorityOver([grant()], { type: 'credit', resolvedBy }).map(({ role, maximumMinor }) => [
        role,
        maximumMinor,
      ]);
    expect(over(null)).toEqual([['finance', 1000]]);
    expect(over(['finance', 'legal'])).toEqual([
      ['finance', 1000],
      ['legal', null],
    ]);
    expect(over(['legal'])).toEqual([['legal', null]]);
  });
});

describe('substitutes', () => {
  const one = (person: string, substitute: string, from = '2026-07-01', until = '2026-07-15') => ({
    person,
    substitute,
    from,
    until,
    holdTypes: null,
  });
  test('stand in from the first to the last moment, and for the types they were given', () => {
    const given = [one('ann', 'sue'), { ...one('bob', 'sue'), holdTypes: ['price'] }];
    expect(standsInFor(given, 'sue', 'credit', '2026-07-01')).toEqual(['ann']);
    expect(standsInFor(given, 'sue', 'price', '2026-07-14')).toEqual(['ann', 'bob']);
    expect(standsInFor(given, 'sue', 'price', '2026-07-15')).toEqual([]);
  });
  test('a chain to oneself is refused with its circle, unless its parts never meet', () => {
    expect(whyNotSubstitute(one('ann', 'ann'), [])).toBe('Nobody can be their own substitute');
    expect(whyNotSubstitute(one('cy', 'ann'), [one('ann', 'bob'), one('bob', 'cy')])).toContain(
      'cy to ann to bob to cy',
    );
    expect(whyNotSubstitute(one('bob', 'ann'), [one('ann', 'bob', '2026-07-15', '2026-08-01')])).toBeNull();
    expect(whyNotSubstitute(one('ann', 'bob', '2026-07-02', '2026-07-02'), [])).toContain('ends before');
  });
  test('what a substitute was given is not passed on', () => {
    expect(standsInFor([one('ann', 'bob'), one('bob', 'cy')], 'cy', 'credit', '2026-07-02')).toEqual(['bob']);
  });
});
