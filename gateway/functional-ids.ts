/** GS01 (element 479) of each set that goes out. */
const functionalIds: Readonly<Record<string, string>> = {
  '850': 'PO',
  '855': 'PR',
  '860': 'PC',
  '865': 'CA',
  '856': 'SH',
  '810': 'IN',
  '997': 'FA',
  '999': 'FA',
};

/** @throws RangeError for a set that the hub does not send */
export function functionalIdOf(set: string): string {
  const id = functionalIds[set];
  if (!id) throw new RangeError(`no functional group is known for the set ${set}`);
  return id;
}
