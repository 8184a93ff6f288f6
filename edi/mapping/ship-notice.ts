import { isSscc } from '../../domain/fulfilment/sscc';
import type { ShipNotice, ShipNoticePackage } from '../../domain/order/answers';
import type { Party } from '../../domain/order/order-request';
import { compareDecimals, scaleDecimal } from '../../domain/shared/money';
import { isPositive, sumQuantities } from '../../domain/shared/quantity';
import {
  addDescription,
  addKept,
  addLineReferences,
  addParties,
  addReferences,
  lineLabel,
  productIdElements,
  type Rendered,
  Rendering,
  type RenderingOptions,
} from './rendering';

/** BSN05 (1005): S shipment, O order, P pack, I item, from the outside in; T, a pallet, where packs stand on one. */
export type ShipNoticeStructure = '0001' | '0002' | '0003' | '0004';

export interface ShipNoticeOptions extends RenderingOptions {
  readonly bsnStructure: ShipNoticeStructure;
  /** MAN02: 20 digits with the application identifier 00 before the SSCC, or the bare 18. */
  readonly ssccDigits?: 18 | 20;
  readonly weightUnit?: 'LB' | 'KG';
  /** TD101 (103), CTN25 corrugated carton. */
  readonly packagingCode?: string;
  /** N101 of whom goods are packed for (98): Z7 mark for, BY buying party; Z7 where nothing else is agreed. */
  readonly markForRole?: 'Z7' | 'BY';
}

interface Node {
  readonly level: 'S' | 'O' | 'T' | 'P' | 'I';
  readonly children: readonly Node[];
  /** Writes the segments after HL. */
  readonly write: () => void;
}

/** 856: what left, as the agreement wants it nested. It names exactly what was packed, or it is refused. */
export function renderShipNotice(notice: ShipNotice, options: ShipNoticeOptions): Rendered {
  const rendering = new Rendering(options);
  rendering.add(
    'BSN',
    '00',
    rendering.id(notice.shipmentNumber, '396', 'BSN02'),
    rendering.date(notice.date, 'BSN03'),
    time(rendering, notice.shippedAtTime, 'BSN04'),
    options.bsnStructure,
  );
  const notes = new NoticeNodes(rendering, notice, options);
  notes.check();
  const levels = writeNodes(rendering, notes.shipment());
  // Of an 856, CTT01 counts the HL segments.
  rendering.add('CTT', String(levels));
  return rendering.finish('856');
}

/** HL01 ascends from 1 in the order of writing, HL02 names the level it belongs to. @returns the number of HL */
function writeNodes(rendering: Rendering, shipment: Node): number {
  let count = 0;
  const write = (node: Node, parent: number | null): void => {
    count += 1;
    const own = count;
    const hasChildren = node.children.length > 0 ? '1' : '0';
    rendering.add('HL', String(own), parent === null ? '' : String(parent), node.level, hasChildren);
    node.write();
    for (const child of node.children) write(child, own);
  };
  write(shipment, null);
  return count;
}

/** What of the order is packed for one party. */
interface OrderPart {
  readonly markFor: Party | undefined;
  readonly lines: ReadonlySet<number>;
}

/** A pack or order level with nothing in it would say nothing. */
const hasContent = (node: Node): boolean => node.level === 'I' || node.children.length > 0;

/** The shipment's own parties; the others belong to the order. */
const shipmentRoles = new Set(['ST', 'VN', 'SE']);

class NoticeNodes {
  private readonly rendering: Rendering;
  private readonly notice: ShipNotice;
  private readonly options: ShipNoticeOptions;
  private readonly pallets = new Set<string>();

  constructor(rendering: Rendering, notice: ShipNotice, options: ShipNoticeOptions) {
    this.rendering = rendering;
    this.notice = notice;
    this.options = options;
  }

  /** Packages must hold what the lines say was shipped, no more and no less. */
  check(): void {
    const { rendering, notice } = this;
    if (notice.lines.every((line) => !isPositive(line.shipped)))
      rendering.refuse('HL', 'nothing was shipped');
    const packed = this.options.bsnStructure !== '0004';
    if (!packed && notice.packages.length === 0) return;
    notice.lines.forEach((line, lineIndex) => {
      const contents = notice.packages.flatMap((one) =>
        one.contents.filter((content) => content.lineIndex === lineIndex).map((content) => content.quantity),
      );
      const sum = sumQuantities(contents);
      if (compareDecimals(sum, line.shipped) !== 0) {
        rendering.refuse(lineLabel(line, lineIndex), `shipped are ${line.shipped}, its packages hold ${sum}`);
      }
    });
    const seen = new Set<string>();
    notice.packages.forEach(({ sscc, palletSscc, contents }, index) => {
      if (palletSscc !== undefined && !isSscc(palletSscc))
        rendering.refuse(`package ${index + 1}`, `the pallet's "${palletSscc}" is not an SSCC-18`);
      if (!isSscc(sscc)) rendering.refuse(`package ${index + 1}`, `"${sscc}" is not an SSCC-18`);
      if (seen.has(sscc)) rendering.refuse(`package ${index + 1}`, `SSCC ${sscc} is used twice`);
      if (contents.some(({ lineIndex }) => notice.lines[lineIndex] === undefined)) {
        rendering.refuse(`package ${index + 1}`, 'holds a line that is not in the notice');
      }
      seen.add(sscc);
    });
  }

  shipment(): Node {
    const { packages } = this.notice;
    const structure = this.options.bsnStructure;
    const children =
      structure === '0003'
        ? this.onPallets(packages, (one) =>
            this.pack(
              one,
              this.orders()
                .map((order) => this.order(order, this.itemsOf(one, order)))
                .filter(hasContent),
            ),
          )
        : this.orders().map((order) =>
            this.order(
              order,
              structure === '0001'
                ? this.onPallets(this.packagesOf(order), (one) => this.pack(one, this.itemsOf(one, order)))
                : this.wholeItems(structure === '0002', order),
            ),
          );
    return { level: 'S', children: children.filter(hasContent), write: () => this.writeShipment() };
  }

  /** One for each party that goods are packed for; lines that are marked for nobody are one as well. */
  private orders(): readonly OrderPart[] {
    const parts = new Map<string, { markFor: Party | undefined; lines: Set<number> }>();
    this.notice.lines.forEach(({ markFor }, lineIndex) => {
      const key = JSON.stringify([markFor?.idQualifier, markFor?.id ?? markFor?.name]);
      const part = parts.get(key) ?? { markFor, lines: new Set() };
      part.lines.add(lineIndex);
      parts.set(key, part);
    });
    return [...parts.values()];
  }

  /** A carton is opened by one store: what it holds is for one of them, or it cannot be said under an order. */
  private packagesOf({ lines }: OrderPart): readonly ShipNoticePackage[] {
    return this.notice.packages.filter((one, index) => {
      const own = one.contents.filter(({ lineIndex }) => lines.has(lineIndex)).length;
      // Said once, for the party of its first content.
      const isFirst = lines.has(one.contents[0]?.lineIndex ?? -1);
      if (isFirst && own < one.contents.length)
        this.rendering.refuse(
          `package ${index + 1}`,
          'holds goods for several parties that it is marked for',
        );
      return own > 0;
    });
  }

  /** Packs that stand on a pallet go under its T level, the others where they are. */
  private onPallets(
    packages: readonly ShipNoticePackage[],
    pack: (one: ShipNoticePackage) => Node,
  ): readonly Node[] {
    const byPallet = Map.groupBy(packages, (one) => one.palletSscc ?? '');
    return [...byPallet.entries()].flatMap(([sscc, own]) => {
      const packs = own.map(pack);
      if (sscc === '') return packs;
      if (this.pallets.has(sscc))
        this.rendering.refuse(`pallet ${sscc}`, 'carries goods for several parties that it is marked for');
      this.pallets.add(sscc);
      return [{ level: 'T' as const, children: packs, write: () => this.writeMark(sscc) }];
    });
  }

  private order(part: OrderPart, children: readonly Node[]): Node {
    return { level: 'O', children, write: () => this.writeOrder(part) };
  }

  private itemsOf(one: ShipNoticePackage, { lines }: OrderPart): Node[] {
    return one.contents
      .filter(({ lineIndex }) => lines.has(lineIndex))
      .map(({ lineIndex, quantity }) => this.item(lineIndex, quantity, []));
  }

  private wholeItems(withPacks: boolean, { lines }: OrderPart): Node[] {
    return this.notice.lines.flatMap((line, lineIndex) => {
      if (!lines.has(lineIndex) || !isPositive(line.shipped)) return [];
      return [this.item(lineIndex, line.shipped, withPacks ? this.packsOf(lineIndex) : [])];
    });
  }

  /** Under an item (0002) a pack says with SN1 how much of that item it holds. */
  private packsOf(lineIndex: number): Node[] {
    return this.notice.packages.flatMap((one) =>
      one.contents
        .filter((content) => content.lineIndex === lineIndex)
        .map(
          ({ quantity }): Node => ({
            level: 'P',
            children: [],
            write: () => {
              const unit = this.notice.lines[lineIndex]?.unit ?? '';
              this.rendering.add('SN1', '', this.rendering.decimal(quantity, 10, 'SN102'), unit);
              this.writeMarks(one);
            },
          }),
        ),
    );
  }

  private pack(one: ShipNoticePackage, children: readonly Node[]): Node {
    return {
      level: 'P',
      children,
      write: () => {
        const { packagingCode = 'CTN25' } = this.options;
        const weight = this.weight(one.weightGrams);
        if (weight.length > 0) this.rendering.add('TD1', packagingCode, '1', '', '', '', ...weight);
        this.writeMarks(one);
      },
    };
  }

  private item(lineIndex: number, quantity: string, children: readonly Node[]): Node {
    return { level: 'I', children, write: () => this.writeItem(lineIndex, quantity) };
  }

  private writeShipment(): void {
    const { rendering, notice } = this;
    const { carrier, packages } = notice;
    const packaging =
      packages.length > 0 ? [this.options.packagingCode ?? 'CTN25', String(packages.length)] : ['', ''];
    const weight = this.weight(notice.weightGrams);
    if (packages.length > 0 || weight.length > 0) rendering.add('TD1', ...packaging, '', '', '', ...weight);
    // TD501 B: origin and delivery carrier, any mode; TD502 2: SCAC
    rendering.add('TD5', 'B', '2', carrier.scac, '', rendering.text(carrier.service, 35));
    if (notice.billOfLading !== undefined) {
      rendering.add('REF', 'BM', rendering.id(notice.billOfLading, '127', 'REF BM'));
    }
    if (carrier.trackingNumber !== undefined) {
      rendering.add('REF', 'CN', rendering.id(carrier.trackingNumber, '127', 'REF CN'));
    }
    const shippedAt = time(rendering, notice.shippedAtTime, 'DTM 011');
    rendering.add('DTM', '011', rendering.date(notice.shippedOn, 'DTM 011'), shippedAt);
    if (notice.estimatedDelivery !== undefined) {
      rendering.add('DTM', '017', rendering.date(notice.estimatedDelivery, 'DTM 017'));
    }
    const { shipFrom } = notice;
    const address = shipFrom.address === undefined ? {} : { address: shipFrom.address };
    addParties(rendering, [
      // 91: the node's code is the seller's own
      { role: 'SF', name: shipFrom.name, idQualifier: '91', id: shipFrom.id, ...address },
      ...notice.parties.filter((party) => shipmentRoles.has(party.role)),
    ]);
  }

  private writeOrder({ markFor }: OrderPart): void {
    const { rendering, notice } = this;
    rendering.add(
      'PRF',
      rendering.id(notice.purchaseOrderNumber, '324', 'PRF01'),
      rendering.id(notice.releaseNumber, '328', 'PRF02'),
      '',
      rendering.date(notice.purchaseOrderDate, 'PRF04'),
    );
    addReferences(rendering, notice);
    addParties(
      rendering,
      notice.parties.filter(
        ({ role }) => role !== 'SF' && !shipmentRoles.has(role) && role !== this.roleOf(markFor),
      ),
    );
    const role = this.roleOf(markFor);
    if (markFor !== undefined && role !== undefined) addParties(rendering, [{ ...markFor, role }]);
  }

  private writeItem(lineIndex: number, quantity: string): void {
    const line = this.notice.lines[lineIndex];
    if (line === undefined) return;
    const { rendering } = this;
    const where = lineLabel(line, lineIndex);
    const number = rendering.id(line.buyerLineNumber, '350', where);
    // LIN02 and LIN03 are mandatory: an item without any id cannot be written.
    if (line.productIds.length === 0) rendering.refuse(where, 'has no product id (LIN02, LIN03)');
    else rendering.add('LIN', number, ...productIdElements(rendering, line.productIds, 15, where));
    rendering.add(
      'SN1',
      number,
      rendering.decimal(quantity, 10, where),
      line.unit,
      '',
      rendering.decimal(line.ordered, 15, where),
      line.unit,
    );
    addKept(rendering, line, ['PO4']);
    addDescription(rendering, line);
    addLineReferences(rendering, line);
  }

  /** Of a store that a part is for the agreement says the role; a party that the order named keeps its own. */
  private roleOf(markFor: Party | undefined): string | undefined {
    return markFor?.role === 'Z7' ? (this.options.markForRole ?? 'Z7') : markFor?.role;
  }

  /** 88 GM: SSCC-18, by agreement with its application identifier. */
  private writeMark(sscc: string): void {
    this.rendering.add('MAN', 'GM', (this.options.ssccDigits ?? 20) === 20 ? `00${sscc}` : sscc);
  }

  private writeMarks(one: ShipNoticePackage): void {
    const { rendering } = this;
    this.writeMark(one.sscc);
    if (one.trackingNumber !== undefined) {
      rendering.add('MAN', 'CP', rendering.id(one.trackingNumber, '87', 'MAN CP'));
    }
  }

  /** TD106 to TD108: gross weight; empty where nobody weighed. */
  private weight(grams: number | undefined): string[] {
    if (grams === undefined || grams <= 0) return [];
    const unit = this.options.weightUnit ?? 'LB';
    const weight =
      unit === 'KG'
        ? scaleDecimal(String(grams), 1, 1000, 3)
        : scaleDecimal(String(grams), 1, '453.59237', 2);
    return ['G', this.rendering.decimal(weight, 10, 'TD107'), unit];
  }
}

function time(rendering: Rendering, text: string, where: string): string {
  if (!/^([01]\d|2[0-3])[0-5]\d$/.test(text))
    rendering.refuse(where, `"${text}" is not a time of day (HHMM)`);
  return text;
}
