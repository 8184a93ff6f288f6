import PDFDocument from 'pdfkit';
import {
  type PaperCarton,
  postalElementString,
  type ShippingPapers,
} from '../../domain/fulfilment/shipping-papers';
import { countryNumbers } from './country-numbers';
import { drawBars, gs1Bars, QUIET_MODULES } from './gs1-128';
import { pdfBytes } from './pdf-bytes';
import { addressLines, printable } from './printable';

/** 4 x 6 inches, portrait, in points. */
const WIDTH = 288;
const HEIGHT = 432;
const MARGIN = 10;
const INNER = WIDTH - 2 * MARGIN;
/** 0.495 mm: the narrowest module of a label that is scanned in distribution (GS1 General Specifications 5.12). */
const MODULE = (0.495 / 25.4) * 72;
/** At least 31.75 mm high there. */
const SSCC_HEIGHT = (31.75 / 25.4) * 72;

type Page = InstanceType<typeof PDFDocument>;

/**
 * GS1 logistic labels, one page a carton, with the zones that retail docks expect: from and to, postal code and
 * carrier, the order, the store that it is marked for, the SSCC at the bottom.
 */
export function renderCartonLabels(papers: ShippingPapers): Promise<Buffer> {
  const document = new PDFDocument({
    autoFirstPage: false,
    size: [WIDTH, HEIGHT],
    margin: 0,
    info: { Title: `Labels of shipment ${papers.shipmentNumber}` },
  });
  for (const carton of papers.cartons) {
    document.addPage();
    drawLabel(document, papers, carton);
  }
  return pdfBytes(document);
}

function drawLabel(page: Page, papers: ShippingPapers, carton: PaperCarton): void {
  drawAddresses(page, papers);
  rule(page, 82);
  drawCarrier(page, papers);
  rule(page, 160);
  drawOrder(page, papers, carton);
  rule(page, 246);
  drawMarkFor(page, carton);
  rule(page, 296);
  drawSscc(page, carton.sscc);
}

const rule = (page: Page, y: number) =>
  page
    .moveTo(MARGIN, y)
    .lineTo(WIDTH - MARGIN, y)
    .lineWidth(0.75)
    .stroke('#000');

function caption(page: Page, text: string, x: number, y: number): void {
  page.font('Helvetica').fontSize(6).fillColor('#000').text(text, x, y, { lineBreak: false });
}

/** Lines that never leave their zone: what is too long for its width ends with an ellipsis. */
function lines(
  page: Page,
  texts: readonly string[],
  at: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly size: number;
    readonly most: number;
    readonly bold?: boolean;
  },
): void {
  page
    .font(at.bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(at.size)
    .fillColor('#000');
  const leading = at.size * 1.18;
  texts.slice(0, at.most).forEach((text, place) => {
    page.text(text, at.x, at.y + place * leading, {
      width: at.width,
      height: leading,
      ellipsis: true,
      lineBreak: true,
    });
  });
}

function drawAddresses(page: Page, { from, to }: ShippingPapers): void {
  const half = INNER * 0.42;
  caption(page, 'SHIP FROM', MARGIN, MARGIN);
  lines(page, addressLines(from.name, from.address), {
    x: MARGIN,
    y: MARGIN + 9,
    width: half - 8,
    size: 7.5,
    most: 6,
  });
  const x = MARGIN + half;
  page
    .moveTo(x - 4, MARGIN - 4)
    .lineTo(x - 4, 82)
    .lineWidth(0.75)
    .stroke('#000');
  caption(page, 'SHIP TO', x, MARGIN);
  const name = to.location === null ? to.name : `${to.name} (${to.location})`;
  lines(page, addressLines(name, to.address, from.address.country), {
    x,
    y: MARGIN + 9,
    width: INNER - half,
    size: 9,
    most: 5,
    bold: true,
  });
}

/** How wide the postal code's zone is at least; a foreign code takes more of the carrier's. */
const POSTAL_WIDTH = 150;

function drawCarrier(page: Page, papers: ShippingPapers): void {
  const postal = postalElementString(papers.from.address, papers.to.address, (code) => countryNumbers[code]);
  let left = POSTAL_WIDTH;
  if (postal) {
    const bars = gs1Bars(`(${postal.ai})${postal.data}`);
    const wide = (bars.modules + 2 * QUIET_MODULES) * MODULE;
    // The longest foreign codes would leave the carrier no room: their text alone stands there.
    const fits = wide <= INNER - 60;
    if (fits) left = Math.max(left, wide);
    caption(page, 'SHIP TO POST', MARGIN, 86);
    if (fits) {
      const x = MARGIN + QUIET_MODULES * MODULE;
      drawBars(page, bars, { x, y: 95, height: 44, moduleWidth: MODULE });
    }
    page.font('Helvetica').fontSize(9).fillColor('#000');
    const text = `(${postal.ai}) ${postal.data}`;
    page.text(text, MARGIN, 145, { width: left, align: 'center', lineBreak: false });
  }
  const x = MARGIN + left + 6;
  page
    .moveTo(x - 4, 82)
    .lineTo(x - 4, 160)
    .lineWidth(0.75)
    .stroke('#000');
  caption(page, 'CARRIER', x, 86);
  if (papers.carrier === null) return;
  const { scac, service } = papers.carrier;
  const at = { x, y: 96, width: WIDTH - MARGIN - x, size: 10, most: 1, bold: true };
  lines(page, [printable(scac)], at);
  lines(page, [printable(service)], { ...at, y: 110, size: 8, bold: false });
}

function drawOrder(page: Page, papers: ShippingPapers, carton: PaperCarton): void {
  caption(page, 'PURCHASE ORDER', MARGIN, 164);
  lines(page, [printable(papers.purchaseOrderNumber)], {
    x: MARGIN,
    y: 172,
    width: INNER * 0.62,
    size: 13,
    most: 1,
    bold: true,
  });
  const right = MARGIN + INNER * 0.64;
  caption(page, 'CARTON', right, 164);
  lines(page, [`${carton.sequence} of ${papers.cartons.length}`], {
    x: right,
    y: 172,
    width: INNER * 0.36,
    size: 13,
    most: 1,
    bold: true,
  });
  const [only, second] = carton.lines;
  const details = [
    papers.department === null ? '' : `Dept ${papers.department}`,
    papers.releaseNumber === null ? '' : `Release ${papers.releaseNumber}`,
    papers.vendorNumber === null ? '' : `Vendor ${papers.vendorNumber}`,
    `Shipment ${papers.shipmentNumber}`,
    `${(carton.weightGrams / 1000).toFixed(2)} kg`,
  ].filter((text) => text !== '');
  const numbers = [
    carton.trackingNumber === null ? '' : `Tracking ${carton.trackingNumber}`,
    papers.billOfLading === null ? '' : `B/L ${papers.billOfLading}`,
  ].filter((text) => text !== '');
  const contents =
    only === undefined
      ? []
      : second === undefined
        ? [contentOf(only), only.description]
        : [`MIXED: ${carton.lines.length} items`];
  const rows = [details.join(' · '), numbers.join(' · '), ...contents].filter((text) => text !== '');
  lines(page, rows.map(printable), { x: MARGIN, y: 194, width: INNER, size: 8, most: 4 });
}

function contentOf(line: PaperCarton['lines'][number]): string {
  const numbers = [line.buyerItem === null ? line.itemId : `${line.buyerItem} (${line.itemId})`];
  if (line.gtin !== null) numbers.push(`GTIN ${line.gtin}`);
  return `${line.quantity} ${line.unit} of ${numbers.join(', ')}`;
}

function drawMarkFor(page: Page, { markFor }: PaperCarton): void {
  if (markFor === null) return;
  caption(page, 'MARK FOR', MARGIN, 250);
  const name = [markFor.name, markFor.id].filter((text) => text !== undefined).join('  ');
  lines(page, [printable(name), ...addressLines('', markFor.address ?? { lines: [] })], {
    x: MARGIN,
    y: 259,
    width: INNER,
    size: 11,
    most: 3,
    bold: true,
  });
}

function drawSscc(page: Page, sscc: string): void {
  caption(page, 'SERIAL SHIPPING CONTAINER CODE', MARGIN, 300);
  const bars = gs1Bars(`(00)${sscc}`);
  const x = (WIDTH - bars.modules * MODULE) / 2;
  drawBars(page, bars, { x, y: 312, height: SSCC_HEIGHT, moduleWidth: MODULE });
  page.font('Helvetica-Bold').fontSize(11).fillColor('#000');
  // Extension digit, company prefix with serial, check digit, as people read it out.
  const groups = [sscc.slice(0, 1), sscc.slice(1, 8), sscc.slice(8, 17), sscc.slice(17)];
  page.text(`(00) ${groups.join(' ')}`, MARGIN, 312 + SSCC_HEIGHT + 6, {
    width: INNER,
    align: 'center',
    lineBreak: false,
  });
}
