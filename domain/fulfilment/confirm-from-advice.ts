import { type Instant, instantOf, localDateIn, type TimeZone } from '../shared/dates';
import { isSscc } from './sscc';
import { gramsOf } from './warehouse-codes';
import type {
  ShippingAdviceLine,
  WarehouseMark,
  WarehouseReference,
  WarehouseShippingAdvice,
} from './warehouse-documents';
import type { ShipConfirm } from './warehouse-port';

/** The shipment as it was released, against which a 945 is read. Quantities are base units. */
export interface ReleasedShipment {
  readonly releaseNumber: string;
  readonly nodeId: string;
  readonly timeZone: TimeZone;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string;
    readonly quantity: number;
    readonly unitWeightGrams: number;
  }[];
  readonly packages: readonly {
    readonly sscc: string;
    readonly trackingNumber?: string;
    readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  }[];
}

/** What one line of an advice names: an item and how much of it, or why that cannot be told. */
export type NamedQuantity =
  | { readonly itemId: string; readonly baseUnits: number }
  | { readonly problem: string };

export interface AdviceContext {
  readonly shipment: ReleasedShipment;
  readonly receivedAt: Instant;
  /** An item by its ids, with a quantity in the unit beside it. */
  readonly name: (line: ShippingAdviceLine, quantity: string) => NamedQuantity;
}

export type ReadConfirm =
  | { readonly kind: 'confirm'; readonly confirm: ShipConfirm; readonly remarks: readonly string[] }
  /** Something of it cannot be told for sure, so none of it is taken. */
  | { readonly kind: 'unclear'; readonly problems: readonly string[] };

interface Package {
  readonly sscc: string;
  trackingNumber?: string;
  weightGrams: number;
  readonly contents: Map<number, number>;
}

/** A 945 as the confirm of the shipment it names: the same that a warehouse reports over REST. Pure. */
export function confirmFromAdvice(advice: WarehouseShippingAdvice, context: AdviceContext): ReadConfirm {
  return new AdviceReading(advice, context).read();
}

class AdviceReading {
  private readonly advice: WarehouseShippingAdvice;
  private readonly context: AdviceContext;
  private readonly problems: string[] = [];
  private readonly remarks: string[] = [];
  private readonly shipped = new Map<number, number>();
  private readonly reasons = new Map<number, string>();
  private readonly lots: { lineNumber: number; lot: string; quantity: number }[] = [];
  private readonly packages = new Map<string, Package>();

  constructor(advice: WarehouseShippingAdvice, context: AdviceContext) {
    this.advice = advice;
    this.context = context;
  }

  read(): ReadConfirm {
    for (const group of this.advice.groups) {
      const open = this.openPackage(group.marks);
      for (const line of group.lines) this.readLine(line, open);
    }
    if (this.shipped.size === 0 && this.problems.length === 0) this.problems.push('it has no line (W12)');
    this.findOverShipped();
    if (this.problems.length > 0) return { kind: 'unclear', problems: this.problems };
    this.packTheRest();
    return { kind: 'confirm', confirm: this.confirm(), remarks: this.remarks };
  }

  /** More than was asked for would be billed by nobody: a corrected advice, or a release for the rest, is to come first. */
  private findOverShipped(): void {
    for (const { lineNumber, itemId, quantity } of this.context.shipment.lines) {
      const shipped = this.shipped.get(lineNumber) ?? 0;
      if (shipped > quantity)
        this.problems.push(
          `line ${lineNumber}: ${shipped} of ${itemId} are said to have left, ${quantity} were released`,
        );
    }
  }

  /** The carton or pallet of an LX loop: the first label that scans. */
  private openPackage(marks: readonly WarehouseMark[]): Package | null {
    const labels = marks.filter(({ qualifier }) => qualifier === 'GM' || qualifier === 'AA');
    const [first, ...others] = labels.map(({ value }) => (value.length === 20 ? value.slice(2) : value));
    if (first === undefined) return null;
    if (!isSscc(first)) {
      this.remarks.push(`the label ${first} is no SSCC-18: its carton is not named`);
      return null;
    }
    if (others.length > 0)
      this.remarks.push(`beside ${first} stand ${others.join(', ')}: all is put under the first`);
    const known = this.packages.get(first);
    if (known) return known;
    const trackingNumber =
      trackingOf(marks) ?? this.context.shipment.packages.find(({ sscc }) => sscc === first)?.trackingNumber;
    const made: Package = {
      sscc: first,
      ...(trackingNumber === undefined ? {} : { trackingNumber }),
      weightGrams: 0,
      contents: new Map(),
    };
    this.packages.set(first, made);
    return made;
  }

  private readLine(line: ShippingAdviceLine, into: Package | null): void {
    const said = shippedOf(line);
    if (said === undefined) {
      this.problems.push(`${nameOf(line)}: it does not say how much left (W1203)`);
      return;
    }
    const named = this.context.name(line, said);
    if ('problem' in named) {
      this.problems.push(`${nameOf(line)}: ${named.problem}`);
      return;
    }
    const shares = this.share(line, named.itemId, named.baseUnits);
    if (shares.length === 0) {
      this.problems.push(
        `${nameOf(line)}: ${this.context.shipment.releaseNumber} has no line with ${named.itemId}`,
      );
    }
    for (const { lineNumber, quantity } of shares) {
      this.shipped.set(lineNumber, (this.shipped.get(lineNumber) ?? 0) + quantity);
      if (line.changeReason !== undefined) this.reasons.set(lineNumber, `reason ${line.changeReason} (892)`);
      for (const lot of lotsOf(line)) this.lots.push({ lineNumber, lot, quantity });
      if (into && quantity > 0)
        into.contents.set(lineNumber, (into.contents.get(lineNumber) ?? 0) + quantity);
    }
    if (into && line.weight !== undefined) {
      into.weightGrams += gramsOf(line.weight, line.weightUnit ?? 'L') ?? 0;
    }
  }

  /** To the line that N9 LI names, else to the item's lines in turn; what is too much goes to the last of them. */
  private share(
    line: ShippingAdviceLine,
    itemId: string,
    baseUnits: number,
  ): { readonly lineNumber: number; readonly quantity: number }[] {
    const ofItem = this.context.shipment.lines.filter((one) => one.itemId === itemId);
    const numbers = line.references.filter(({ qualifier }) => qualifier === 'LI').map(({ value }) => value);
    const meant = ofItem.find(({ lineNumber }) => numbers.includes(String(lineNumber)));
    if (meant) return [{ lineNumber: meant.lineNumber, quantity: baseUnits }];
    const shares: { lineNumber: number; quantity: number }[] = [];
    let open = baseUnits;
    for (const [index, { lineNumber, quantity }] of ofItem.entries()) {
      const room = Math.max(0, quantity - (this.shipped.get(lineNumber) ?? 0));
      const share = index === ofItem.length - 1 ? open : Math.min(open, room);
      open -= share;
      if (share > 0 || baseUnits === 0) shares.push({ lineNumber, quantity: share });
    }
    return shares;
  }

  /** What no label was named for left in the cartons that were planned for it. */
  private packTheRest(): void {
    const rest = new Map(this.shipped);
    for (const { contents } of this.packages.values()) {
      for (const [lineNumber, quantity] of contents)
        rest.set(lineNumber, (rest.get(lineNumber) ?? 0) - quantity);
    }
    for (const planned of this.context.shipment.packages) {
      if (this.packages.has(planned.sscc)) continue;
      const contents = new Map<number, number>();
      for (const { lineNumber, quantity } of planned.contents) {
        const share = Math.min(quantity, Math.max(0, rest.get(lineNumber) ?? 0));
        rest.set(lineNumber, (rest.get(lineNumber) ?? 0) - share);
        if (share > 0) contents.set(lineNumber, share);
      }
      if (contents.size === 0) continue;
      this.packages.set(planned.sscc, {
        sscc: planned.sscc,
        ...(planned.trackingNumber === undefined ? {} : { trackingNumber: planned.trackingNumber }),
        weightGrams: 0,
        contents,
      });
    }
  }

  private confirm(): ShipConfirm {
    const { advice, context } = this;
    const { shipment } = context;
    const billOfLading = referenceOf(advice.references, ['BM', 'MB']);
    const packages = [...this.packages.values()].filter(({ contents }) => contents.size > 0);
    const trackingNumber =
      referenceOf(advice.references, ['CN', '2I']) ??
      packages.find((one) => one.trackingNumber)?.trackingNumber;
    return {
      eventId: `945/${shipment.releaseNumber}`,
      releaseNumber: shipment.releaseNumber,
      nodeId: shipment.nodeId,
      shippedAt: shippedAt(advice, context),
      ...(billOfLading === undefined ? {} : { billOfLading }),
      ...(trackingNumber === undefined ? {} : { trackingNumber }),
      lines: shipment.lines.map(({ lineNumber, quantity }) => {
        const shipped = this.shipped.get(lineNumber) ?? 0;
        const reason = this.reasons.get(lineNumber);
        return {
          lineNumber,
          shipped,
          ...(shipped < quantity && reason !== undefined ? { shortReason: reason } : {}),
        };
      }),
      packages: packages.map(({ sscc, trackingNumber: tracking, weightGrams, contents }) => ({
        sscc,
        ...(tracking === undefined ? {} : { trackingNumber: tracking }),
        weightGrams: weightGrams > 0 ? weightGrams : this.weightOf(contents),
        contents: [...contents].map(([lineNumber, quantity]) => ({ lineNumber, quantity })),
      })),
      ...(this.lots.length > 0 ? { lots: this.lots } : {}),
    };
  }

  /** Where nobody weighed: the items' own weights. */
  private weightOf(contents: ReadonlyMap<number, number>): number {
    return this.context.shipment.lines.reduce(
      (sum, line) => sum + (contents.get(line.lineNumber) ?? 0) * line.unitWeightGrams,
      0,
    );
  }
}

/** W1203; where it is left out, W1202 less the difference (W1204). */
function shippedOf({ shipped, ordered, difference }: ShippingAdviceLine): string | undefined {
  if (shipped !== undefined) return shipped;
  if (ordered === undefined || difference === undefined) return undefined;
  return String(Number(ordered) - Number(difference));
}

function nameOf(line: ShippingAdviceLine): string {
  const [first] = line.productIds;
  return `line ${first ? `${first.qualifier} ${first.value}` : (line.caseCode ?? 'without an item')}`;
}

function trackingOf(marks: readonly WarehouseMark[]): string | undefined {
  for (const mark of marks) {
    if (mark.qualifier === 'CP') return mark.value;
    if (mark.secondQualifier === 'CP') return mark.secondValue;
  }
  return undefined;
}

function lotsOf(line: ShippingAdviceLine): readonly string[] {
  const named = line.references.filter(({ qualifier }) => qualifier === 'LT').map(({ value }) => value);
  return line.lotNumber === undefined ? named : [line.lotNumber, ...named];
}

function referenceOf(
  references: readonly WarehouseReference[],
  qualifiers: readonly string[],
): string | undefined {
  for (const qualifier of qualifiers) {
    const found = references.find((one) => one.qualifier === qualifier && one.value !== '');
    if (found) return found.value;
  }
  return undefined;
}

/** G62 11 with its time on the clock of the place; with a date alone, as late on that day as can be. */
function shippedAt(advice: WarehouseShippingAdvice, { shipment, receivedAt }: AdviceContext): Instant {
  const said = advice.dates.find(({ qualifier }) => qualifier === '11');
  const date = said?.date ?? advice.shippedOn;
  if (date === undefined) return receivedAt;
  const universal = said?.timeZone === 'UT' || said?.timeZone === 'GM';
  const zone = universal ? 'UTC' : shipment.timeZone;
  const time = said?.time !== undefined && /^\d{4,8}$/.test(said.time) ? said.time : undefined;
  if (time !== undefined) return instantOf(date, time, zone);
  return localDateIn(receivedAt, zone) === date ? receivedAt : instantOf(date, '2359', zone);
}
