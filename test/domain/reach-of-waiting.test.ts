import {
  isWorse,
  type Prospect,
  reachOf,
  type WhereItLies,
  withAllocations,
} from '../../domain/allocation/reach-of-waiting';

const at = (...nodes: readonly string[]): WhereItLies => ({
  shipments: nodes.length,
  nodes,
  open: nodes.map((nodeId) => ({ nodeId, deliverBy: null, destination: '' })),
  ofLine: {},
  ofWord: {},
});
const plain = { lineNumber: 2, together: null, singleNode: false };
const free = { singleNode: false, maximumShipments: null };

test('a line that nothing binds to its order comes from anywhere', () => {
  expect(reachOf(plain, at('EAST'), free)).toBeNull();
  expect(reachOf(plain, at(), { singleNode: true, maximumShipments: null })).toBeNull();
});

test('a line of an order that comes from one node comes from there', () => {
  expect(reachOf(plain, at('EAST'), { ...free, singleNode: true })).toEqual(['EAST']);
});

test('a line opens a shipment while there is one left for it, then it joins one that is open', () => {
  const most = (maximumShipments: number) => ({ ...free, maximumShipments });
  expect(reachOf(plain, at('EAST'), most(2))).toBeNull();
  expect(reachOf(plain, at('EAST', 'WEST'), most(2))).toEqual(['EAST', 'WEST']);
  expect(reachOf(plain, { ...at('EAST'), shipments: 2 }, most(2))).toEqual(['EAST']);
  expect(reachOf(plain, { ...at('EAST'), open: [] }, most(1))).toEqual([]);
});

test('all that binds a line holds', () => {
  const lies = { ...at('EAST', 'WEST'), ofWord: { kit: ['WEST'] }, ofLine: { 2: ['WEST'], 3: ['EAST'] } };
  expect(reachOf({ ...plain, together: 'kit' }, lies, free)).toEqual(['WEST']);
  expect(reachOf({ ...plain, singleNode: true }, lies, free)).toEqual(['WEST']);
  expect(reachOf({ lineNumber: 3, together: 'kit', singleNode: true }, lies, free)).toEqual([]);
});

test('what a plan gives an order lies there with what it has', () => {
  const taken = { lineNumber: 1, itemId: 'BOLT', nodeId: 'WEST', quantity: 5 };
  const lies = withAllocations(at('EAST'), [taken], 1, () => 'kit');
  expect(lies).toMatchObject({ shipments: 2, nodes: ['EAST', 'WEST'] });
  expect(lies).toMatchObject({ ofLine: { 1: ['WEST'] }, ofWord: { kit: ['WEST'] } });
  expect(reachOf(plain, lies, { ...free, maximumShipments: 2 })).toEqual(['EAST', 'WEST']);
});

const prospect = (more: Partial<Prospect>): Prospect => ({ nodes: null, day: null, shares: [], ...more });

test.each<[string, Partial<Prospect>, Partial<Prospect>, boolean]>([
  ['a later day', { day: '2026-03-09' }, { day: '2026-03-10' }, true],
  ['no known day any more', { day: '2026-03-09' }, { day: null }, true],
  [
    'the same day elsewhere',
    { day: '2026-03-09', nodes: ['EAST'] },
    { day: '2026-03-09', nodes: ['WEST'] },
    false,
  ],
  ['an earlier day', { day: '2026-03-09' }, { day: '2026-03-02' }, false],
  ['no node at all any more', { nodes: ['EAST'] }, { nodes: [] }, true],
  ['no node as before', { nodes: [] }, { nodes: [] }, false],
  [
    'its share out of reach',
    { nodes: ['EAST'], shares: ['EAST'] },
    { nodes: ['WEST'], shares: ['EAST'] },
    true,
  ],
  ['its share within reach', { nodes: ['EAST'], shares: ['EAST'] }, { nodes: null, shares: ['EAST'] }, false],
  [
    'a share that it could not use before',
    { nodes: ['WEST'], shares: ['EAST'] },
    { nodes: ['WEST'], shares: ['EAST'] },
    false,
  ],
])('of a line that waits: %s', (_, before, after, worse) => {
  expect(isWorse(prospect(before), prospect(after))).toBe(worse);
});
