/** How many cases a property gets: `usual` in `npm test`, many more in `npm run fuzz`. */
export function fuzzRuns(usual = 200): number {
  const asked = Number(process.env['FUZZ_RUNS']);
  return Number.isSafeInteger(asked) && asked > 0 ? asked : usual;
}
