import type { Objective } from '../../domain/allocation/objective';
import type { SourcingProblem } from '../../domain/allocation/sourcing-problem';

/** What the large order is planned by, one after the other. */
export const objectives: readonly (readonly [string, Objective])[] = [
  ['fewest shipments', { kind: 'lexicographic', order: ['shipments', 'rank'] }],
  ['freight', { kind: 'lexicographic', order: ['freight', 'days'] }],
  [
    'a weighted sum',
    { kind: 'weighted', weights: { freight: 1, shipments: 500, distance: 1, nodeCost: 1, daysLate: 200 } },
  ],
];

const arrivals = ['2026-03-03', '2026-03-04', '2026-03-06', '2026-03-09'];

/** 1,000 lines, 50 nodes, an item at about every fifth node: no node has more than a part. */
export function largeOrder(objective: Objective): SourcingProblem {
  let state = 7;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  const ids = Array.from({ length: 50 }, (_, n) => `N${String(n).padStart(2, '0')}`);
  const items = Array.from({ length: 800 }, (_, n) => `I${n}`);
  return {
    objective,
    today: '2026-03-02',
    constraints: {
      shipComplete: false,
      singleNode: false,
      maximumShipments: 40,
      doNotMix: ['food', 'paint'],
    },
    already: { shipments: 0, nodes: [], open: [] },
    nodes: ids.map((nodeId, n) => ({
      nodeId,
      rank: (n % 5) + 1,
      orderCostMinor: 100 + draw(400),
      unitCostMinor: draw(20),
      roomUnits: n % 7 === 0 ? 200 : null,
      lanes: {
        '': {
          distanceKm: 50 + draw(4000),
          freight: [
            { upToGrams: 20_000, baseMinor: 500 + draw(500), perKilogramMinor: 40 + draw(60) },
            { upToGrams: null, baseMinor: 2000, perKilogramMinor: 15 + draw(20) },
          ],
          shipOn: '2026-03-02',
          arriveOn: arrivals[draw(4)] as string,
        },
      },
    })),
    demands: Array.from({ length: 1000 }, (_, n) => ({
      lineNumber: n + 1,
      itemId: items[draw(800)] as string,
      quantity: 1 + draw(20),
      multiple: n % 10 === 0 ? 2 : 1,
      destination: '',
      deliverBy: '2026-03-05',
      goodsClass: n % 3 === 0 ? 'food' : n % 11 === 0 ? 'paint' : '',
      weightGrams: 50 + draw(3000),
      together: n % 50 < 2 ? `kit ${n - (n % 50)}` : null,
      complete: n % 9 === 0,
      singleNode: false,
      steps: Object.fromEntries(ids.map((id, at) => [id, at < 25 ? 0 : 1])),
      refusals: {},
    })),
    availability: items.flatMap((itemId) =>
      ids.flatMap((nodeId) => (draw(5) === 0 ? [{ itemId, nodeId, available: draw(60) }] : [])),
    ),
  };
}
