import type { SupplierStand } from './supplier-stand';

/** FORGE reports its stock from now on (846). */
export const agreeOnReports = (stand: SupplierStand) =>
  stand.db('document_agreement').insert({
    agreement_id: 'FORGE-P',
    direction: 'in',
    set_id: '846',
    own_gs_id: 'HUBGS',
    partner_gs_id: 'FORGEGS',
    version: '004010',
  });

export interface ReportDetails {
  readonly item?: string;
  readonly unit?: string;
  /** Segments behind the quantity for sale: what will come. */
  readonly coming?: readonly string[];
}

/** What FORGE says at six in the morning of a day (YYYYMMDD) that it has for sale. */
export const report = (
  stand: SupplierStand,
  number: string,
  day: string,
  quantity: number,
  { item = 'F-ANVIL', unit = 'EA', coming = [] }: ReportDetails = {},
) =>
  stand.send('846', [
    `BIA*00*SI*${number}*${day}*0600`,
    'N1*SU*Forge*91*FORGE-DS',
    `LIN*1*VN*${item}`,
    `QTY*33*${quantity}*${unit}`,
    ...coming,
    'CTT*1',
  ]);
