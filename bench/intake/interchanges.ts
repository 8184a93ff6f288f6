import { type BenchPartner, itemId, OWN, partners, UNIT_PRICE } from '../orders/company';

export const LINES_PER_ORDER = 10;

export interface SentInterchange {
  readonly partner: BenchPartner;
  readonly text: string;
}

/** The nth interchange of a run, with so many purchase orders of ten lines; partners in turn. */
export function orderInterchange(n: number, orders: number): SentInterchange {
  const partner = partners[n % partners.length] as BenchPartner;
  const control = Math.floor(n / partners.length) + 1;
  const number = String(control).padStart(9, '0');
  const sets = Array.from({ length: orders }, (_, at) => {
    const body = [
      `ST*850*${String(at + 1).padStart(4, '0')}`,
      `BEG*00*SA*I${n}-${at}**20261120`,
      'N1*ST*Distribution center*92*DC1',
      ...Array.from(
        { length: LINES_PER_ORDER },
        (_, line) =>
          `PO1*${line + 1}*${10 + line}*EA*${UNIT_PRICE}**VP*${itemId(n + line)}~PID*F****Part ${line}`,
      ),
      `CTT*${LINES_PER_ORDER}`,
    ];
    return [...body, `SE*${body.length + LINES_PER_ORDER + 1}*${String(at + 1).padStart(4, '0')}`].join('~');
  });
  const text = [
    `ISA*00*          *00*          *ZZ*${partner.id.padEnd(15)}*${OWN.qualifier}*${OWN.isaId.padEnd(15)}*261120*1200*U*00401*${number}*0*P*>`,
    `GS*PO*${partner.gsId}*${OWN.gsId}*20261120*1200*${control}*X*004010`,
    ...sets,
    `GE*${orders}*${control}`,
    `IEA*1*${number}~`,
  ].join('~');
  return { partner, text };
}
