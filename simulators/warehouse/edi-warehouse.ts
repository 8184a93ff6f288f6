import type { WarehouseReleaseWire } from '../../adapters/wms/contract';
import { Keep } from '../ground/keep';
import type { Identity } from '../partner/identity';
import { type ReadGroup, type ReadSegment, type ReadSet, readInterchange } from '../partner/read-x12';
import { type Segment, writeInterchange } from '../partner/write-x12';
import { type PickedLine, pack, pick, type Shortage } from './picking';

/** How a warehouse's mail goes: the hub's mailbox, or any other way by which bytes come and go. */
export interface Mail {
  send(text: string): Promise<unknown>;
  waiting(): Promise<readonly string[]>;
  fetch(id: string): Promise<Buffer>;
  received(id: string): Promise<void>;
}

export interface EdiWarehouseOptions {
  readonly identity: Identity;
  readonly mail: Mail;
  readonly folder: string | null;
  readonly weights: Readonly<Record<string, number>>;
}

interface KeptOrder {
  readonly release: WarehouseReleaseWire;
  readonly stage: 'released' | 'shipped' | 'recalled';
  /** Above one: the hub had it worked twice. */
  readonly requests: number;
}

/**
 * A third party's warehouse that speaks X12 alone: reads 940, answers each group with a 997, picks, and reports what
 * left by 945. It works when it is told to (`readMail`, `ship`), so that whoever watches sees each step.
 */
export class EdiWarehouse {
  readonly orders: Keep<KeptOrder>;
  readonly problems: string[] = [];
  shortages: readonly Shortage[] = [];
  /** Rejects every set of the next groups in its 997, as one that cannot read them. */
  rejects = 0;
  readonly #options: EdiWarehouseOptions;
  readonly #numbers: Keep<number>;

  constructor(options: EdiWarehouseOptions) {
    this.#options = options;
    this.orders = new Keep(options.folder, 'shipping-orders');
    this.#numbers = new Keep(options.folder, 'control-numbers');
  }

  async readMail(): Promise<void> {
    const { mail } = this.#options;
    for (const id of await mail.waiting()) {
      const interchange = await readInterchange(await mail.fetch(id));
      this.problems.push(...interchange.problems);
      for (const group of interchange.groups) {
        if (group.functionalId === 'FA') continue;
        const rejected = this.rejects > 0;
        if (rejected) this.rejects -= 1;
        else for (const set of group.sets) this.#take(set);
        await this.#acknowledge(group, rejected);
      }
      await mail.received(id);
    }
  }

  /** Everything that is released leaves, less what is not on the shelf; one 945 a shipment. */
  async ship(): Promise<void> {
    for (const order of this.orders.values()) {
      if (order.stage !== 'released') continue;
      const { lines, shortages } = pick(order.release, this.shortages);
      this.shortages = shortages;
      this.orders.set(order.release.releaseNumber, { ...order, stage: 'shipped' });
      await this.send('SW', '945', this.#adviceOf(order.release, lines));
    }
  }

  /** @returns the interchange as it was sent */
  async send(functionalId: string, set: string, segments: readonly Segment[]): Promise<string> {
    const last = (this.#numbers.get('last') ?? 0) + 1;
    this.#numbers.set('last', last);
    const { text } = writeInterchange(
      this.#options.identity,
      { functionalId, sets: [{ set, segments }] },
      { interchange: last, group: last },
      new Date(),
    );
    await this.#options.mail.send(text);
    return text;
  }

  #take(set: ReadSet): void {
    if (set.set !== '940') {
      this.problems.push(`a ${set.set} came, which a warehouse has no use for`);
      return;
    }
    const heading = set.segments.find(({ id }) => id === 'W05');
    const release = releaseOf(set.segments);
    const before = this.orders.get(release.releaseNumber);
    if (heading?.at(1) === 'F') {
      if (before?.stage === 'released')
        this.orders.set(release.releaseNumber, { ...before, stage: 'recalled' });
      return;
    }
    this.orders.set(release.releaseNumber, {
      release,
      stage: before?.stage ?? 'released',
      requests: (before?.requests ?? 0) + 1,
    });
  }

  async #acknowledge(group: ReadGroup, rejected: boolean): Promise<void> {
    const code = rejected ? 'R' : 'A';
    const { length } = group.sets;
    await this.send('FA', '997', [
      ['AK1', group.functionalId, group.controlNumber],
      ...group.sets.flatMap(({ set, controlNumber }): Segment[] => [
        ['AK2', set, controlNumber],
        ['AK5', code, ...(rejected ? ['1'] : [])],
      ]),
      ['AK9', code, String(length), String(length), rejected ? '0' : String(length)],
    ]);
  }

  #adviceOf(release: WarehouseReleaseWire, lines: readonly PickedLine[]): Segment[] {
    const { weights } = this.#options;
    const packages = pack(
      release,
      lines,
      (itemId) => weights[itemId] ?? 500,
      () => '',
    );
    const itemOf = (lineNumber: number) =>
      release.lines.find((line) => line.lineNumber === lineNumber)?.itemId ?? '';
    const now = new Date().toISOString();
    const day = now.slice(0, 10).replaceAll('-', '');
    const short = lines.filter((line) => line.shortReason !== undefined);
    return [
      ['W06', 'F', release.releaseNumber, day, `DK${release.releaseNumber}`, '', release.purchaseOrderNumber],
      ['N1', 'WH', 'DOCK', '91', release.nodeId],
      ['N9', 'BM', `BOL${release.releaseNumber}`],
      ['G62', '11', day, '8', now.slice(11, 16).replace(':', ''), 'UT'],
      ['W27', 'M', release.carrier.scac || 'DOCK'],
      ...packages.flatMap((one, at): Segment[] => [
        ['LX', String(at + 1)],
        ...(one.sscc === '' ? [] : [['MAN', 'GM', `00${one.sscc}`]]),
        ...(one.trackingNumber === undefined ? [] : [['MAN', 'CP', one.trackingNumber]]),
        ...one.contents.flatMap(({ lineNumber, quantity }, index): Segment[] => [
          [
            'W12',
            'CC',
            String(quantity),
            String(quantity),
            '0',
            'EA',
            '',
            'VN',
            itemOf(lineNumber),
            '',
            ...(index === 0 ? [String(one.weightGrams / 1000), 'G', 'K'] : []),
          ],
          ['N9', 'LI', String(lineNumber)],
        ]),
      ]),
      ...short.flatMap((line, at): Segment[] => [
        ['LX', String(packages.length + at + 1)],
        [
          'W12',
          'CP',
          '',
          '0',
          '',
          'EA',
          '',
          'VN',
          itemOf(line.lineNumber),
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '02',
        ],
        ['N9', 'LI', String(line.lineNumber)],
      ]),
      ['W03', String(lines.reduce((sum, line) => sum + line.shipped, 0))],
    ];
  }
}

/** A 940 as what is to be picked; cartons by their labels where they are planned. */
function releaseOf(segments: readonly ReadSegment[]): WarehouseReleaseWire {
  const first = (id: string, ...codes: readonly string[]) =>
    segments.find((segment) => segment.id === id && (codes.length === 0 || codes.includes(segment.at(1))));
  const lines = new Map<number, { lineNumber: number; itemId: string; quantity: number }>();
  const packages: {
    sscc: string;
    trackingNumber?: string;
    contents: { lineNumber: number; quantity: number }[];
  }[] = [];
  for (const [at, segment] of segments.entries()) {
    const last = packages.at(-1);
    if (segment.id === 'LX') packages.push({ sscc: '', contents: [] });
    else if (segment.id === 'MAN' && last) {
      last.sscc = segment.at(2).slice(-18);
      if (segment.at(4) === 'CP') last.trackingNumber = segment.at(5);
    } else if (segment.id === 'W01') {
      const lineNumber = Number(lineAfter(segments, at));
      const quantity = Number(segment.at(1));
      const known = lines.get(lineNumber);
      lines.set(lineNumber, {
        lineNumber,
        itemId: segment.at(5),
        quantity: (known?.quantity ?? 0) + quantity,
      });
      last?.contents.push({ lineNumber, quantity });
    }
  }
  const shipTo = first('N1', 'ST');
  return {
    releaseNumber: first('W05')?.at(2) ?? '',
    nodeId: first('N1', 'WH')?.at(4) ?? '',
    orderNumber: first('N9', 'OQ')?.at(2) ?? '',
    purchaseOrderNumber: first('W05')?.at(3) ?? '',
    shipTo: { role: 'ST', name: shipTo?.at(2) ?? '' },
    carrier: { scac: first('W66')?.at(10) ?? '', service: first('W66')?.at(5) ?? '' },
    lines: [...lines.values()],
    packages: packages.filter(({ sscc }) => sscc !== ''),
  };
}

/** N9 LI behind the W01 at this place. */
function lineAfter(segments: readonly ReadSegment[], at: number): string {
  const following = segments.slice(at + 1);
  const end = following.findIndex(({ id }) => id === 'W01' || id === 'LX');
  const own = end < 0 ? following : following.slice(0, end);
  return own.find((segment) => segment.id === 'N9' && segment.at(1) === 'LI')?.at(2) ?? '';
}
