/**
 * Loaded before each test file of `npm run fuzz`: every property runs FUZZ_RUNS times, whatever number
 * it asks for itself in `npm test`.
 */
jest.mock('fast-check', () => {
  const actual = jest.requireActual<typeof import('fast-check')>('fast-check');
  const numRuns = Number(process.env['FUZZ_RUNS']);
  const assert = (property: unknown, options: object = {}) =>
    Reflect.apply(actual.assert, actual, [property, { ...options, numRuns }]) as unknown;
  return { ...actual, assert, default: { ...actual.default, assert } };
});
