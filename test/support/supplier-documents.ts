import { group, interchange, transactionSet } from './trading-partner';

/** What the supplier FORGE writes about one line of an order from it, as segments between ST and SE. */

const groupIds: Readonly<Record<string, string>> = {
  '855': 'PR',
  '856': 'SH',
  '810': 'IN',
  '865': 'CA',
  '846': 'IB',
};

export const supplierInterchange = (
  set: string,
  segments: readonly string[],
  controlNumber: number,
  sender = 'FORGE',
): string =>
  interchange({
    controlNumber,
    sender,
    groups: [group(groupIds[set] ?? '', controlNumber, [transactionSet(set, '0001', segments)], sender)],
  });

export interface AnswerDetails {
  readonly acknowledgment?: string;
  readonly quantity?: string;
  readonly item?: string;
}

export const supplierAnswer = (
  number: string,
  statuses: readonly string[],
  { acknowledgment = 'AC', quantity = '10', item = 'ANVIL' }: AnswerDetails = {},
): readonly string[] => [
  `BAK*00*${acknowledgment}*${number}*20260302****F-77*20260302`,
  `PO1*1*${quantity}*EA*6.25**VN*F-${item}`,
  ...statuses,
  'CTT*1',
];

export interface NoticeDetails {
  readonly sscc?: string;
  readonly tracking?: string;
}

/** An 856 of so many units of line 1 in one carton. */
export const supplierNotice = (
  number: string,
  notice: string,
  units: number,
  more: NoticeDetails = {},
): readonly string[] => [
  `BSN*00*${notice}*20260302*0900*0001`,
  'HL*1**S',
  'TD5*B*2*FAST**GROUND',
  `REF*CN*${more.tracking ?? `TRACK-${notice}`}`,
  'DTM*011*20260302',
  'HL*2*1*O',
  `PRF*${number}`,
  'HL*3*2*P',
  ...(more.sscc === undefined ? [] : [`MAN*GM*00${more.sscc}`]),
  'HL*4*3*I',
  'LIN*1*VN*F-ANVIL',
  `SN1**${units}*EA`,
  'CTT*4',
];

export const supplierBill = (
  number: string,
  invoice: string,
  units: number,
  price = '6.25',
  cents = Math.round(units * 625),
): readonly string[] => [
  `BIG*20260303*${invoice}**${number}`,
  'CUR*SE*USD',
  `IT1*1*${units}*EA*${price}**VN*F-ANVIL`,
  `TDS*${cents}`,
  'CTT*1',
];
