/**
 * Loaded before each test file of `npm run fuzz`: every property runs FUZZ_TIMES as often as it asks for itself in
 * `npm test`. How many cases that were is told in the end.
 */
let cases = 0;

jest.mock('fast-check', () => {
  const actual = jest.requireActual<typeof import('fast-check')>('fast-check');
  const times = Number(process.env['FUZZ_TIMES']);
  const assert = (property: unknown, options: { readonly numRuns?: number } = {}) => {
    const numRuns = (options.numRuns ?? 100) * times;
    cases += numRuns;
    return Reflect.apply(actual.assert, actual, [property, { ...options, numRuns }]) as unknown;
  };
  return { ...actual, assert, default: { ...actual.default, assert } };
});

afterAll(() => {
  process.stderr.write(`${cases} cases in ${expect.getState().testPath ?? 'this file'}\n`);
});
