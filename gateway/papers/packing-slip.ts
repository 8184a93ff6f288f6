import PDFDocument from 'pdfkit';
import type { ShippingPapers } from '../../domain/fulfilment/shipping-papers';
import { pdfBytes } from './pdf-bytes';
import { addressLines, printable } from './printable';

/** US Letter in points. */
const WIDTH = 612;
const HEIGHT = 792;
const MARGIN = 42;
const BOTTOM = HEIGHT - 60;
const ROW = 26;

type Page = InstanceType<typeof PDFDocument>;

interface Column {
  readonly title: string;
  readonly x: number;
  readonly width: number;
  readonly right?: true;
}

const columns = {
  line: { title: 'Line', x: MARGIN, width: 30 },
  item: { title: 'Item', x: MARGIN + 34, width: 116 },
  what: { title: 'Description', x: MARGIN + 154, width: 186 },
  ordered: { title: 'Ordered', x: MARGIN + 344, width: 52, right: true },
  here: { title: 'In this shipment', x: MARGIN + 400, width: 68, right: true },
  later: { title: 'To follow', x: MARGIN + 472, width: 56, right: true },
} as const satisfies Record<string, Column>;

/** What is in the shipment and what is to follow, for whoever unpacks it: no prices. */
export function renderPackingSlip(papers: ShippingPapers): Promise<Buffer> {
  const document = new PDFDocument({
    size: [WIDTH, HEIGHT],
    margin: 0,
    bufferPages: true,
    info: { Title: `Packing slip of shipment ${papers.shipmentNumber}` },
  });
  drawHead(document, papers);
  let y = drawTableHead(document, 236);
  for (const line of papers.lines) {
    if (y + ROW > BOTTOM) {
      document.addPage();
      y = drawTableHead(document, MARGIN);
    }
    const numbers = [line.buyerItem === null ? '' : `yours ${line.buyerItem}`, line.gtin ?? ''].filter(
      Boolean,
    );
    cell(document, columns.line, y, String(line.lineNumber));
    cell(document, columns.item, y, line.itemId, true);
    cell(document, columns.item, y + 11, numbers.join(' · '), false, 7);
    cell(document, columns.what, y, line.description);
    cell(document, columns.ordered, y, `${line.ordered} ${line.unit}`);
    cell(document, columns.here, y, `${line.quantity} ${line.unit}`, true);
    cell(document, columns.later, y, line.backordered === 0 ? '' : `${line.backordered} ${line.unit}`);
    y += ROW;
  }
  drawCartons(document, papers, y + 8);
  numberPages(document, papers);
  return pdfBytes(document);
}

function cell(page: Page, column: Column, y: number, text: string, bold = false, size = 9): void {
  page
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .fillColor('#000');
  page.text(printable(text), column.x, y, {
    width: column.width,
    height: size * 1.2,
    ellipsis: true,
    align: column.right ? 'right' : 'left',
  });
}

function drawHead(page: Page, papers: ShippingPapers): void {
  page.font('Helvetica-Bold').fontSize(20).fillColor('#000').text('Packing slip', MARGIN, MARGIN);
  const facts = [
    ['Shipment', papers.shipmentNumber],
    ['Date', papers.date],
    ['Purchase order', [papers.purchaseOrderNumber, papers.releaseNumber].filter(Boolean).join(' / ')],
    ['of', papers.purchaseOrderDate],
    ['Our order', papers.orderNumber],
    ['Carrier', papers.carrier ? `${papers.carrier.scac} ${papers.carrier.service}` : ''],
    ['Bill of lading', papers.billOfLading ?? ''],
    ['Cartons', String(papers.cartons.length)],
  ].filter(([, value]) => value !== '');
  facts.forEach(([name = '', value = ''], place) => {
    const y = MARGIN + place * 14;
    page.font('Helvetica').fontSize(9).text(name, 360, y, { width: 80 });
    page.font('Helvetica-Bold').text(printable(value), 442, y, { width: 128, height: 12, ellipsis: true });
  });
  block(page, 'Ship from', addressLines(papers.from.name, papers.from.address), MARGIN);
  const to = papers.to.location === null ? papers.to.name : `${papers.to.name} (${papers.to.location})`;
  block(page, 'Ship to', addressLines(to, papers.to.address, papers.from.address.country), MARGIN + 160);
}

function block(page: Page, title: string, texts: readonly string[], x: number): void {
  page.font('Helvetica').fontSize(8).text(title, x, 84);
  page.font('Helvetica').fontSize(10);
  texts.slice(0, 7).forEach((text, place) => {
    page.text(text, x, 97 + place * 13, { width: 150, height: 13, ellipsis: true });
  });
}

function drawTableHead(page: Page, y: number): number {
  for (const column of Object.values<Column>(columns)) cell(page, column, y, column.title, true, 8);
  page
    .moveTo(MARGIN, y + 13)
    .lineTo(WIDTH - MARGIN, y + 13)
    .lineWidth(0.75)
    .stroke('#000');
  return y + 19;
}

/** Which carton has what: a receiver counts by carton. */
function drawCartons(page: Page, { cartons }: ShippingPapers, from: number): void {
  let y = from;
  const row = (text: string, bold: boolean) => {
    if (y + 13 > BOTTOM) {
      page.addPage();
      y = MARGIN;
    }
    page
      .font(bold ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(8)
      .fillColor('#000');
    page.text(printable(text), MARGIN, y, { width: WIDTH - 2 * MARGIN, height: 11, ellipsis: true });
    y += 12;
  };
  row('Cartons', true);
  for (const carton of cartons) {
    const contents = carton.lines.map((line) => `${line.quantity} ${line.unit} ${line.itemId}`).join(', ');
    const mark =
      carton.markFor === null ? '' : `   for ${carton.markFor.name ?? ''} ${carton.markFor.id ?? ''}`;
    row(`${carton.sequence}   (00)${carton.sscc}   ${contents}${mark}`, false);
  }
}

function numberPages(document: Page, papers: ShippingPapers): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    document.font('Helvetica').fontSize(8).fillColor('#000');
    document.text(`${papers.shipmentNumber}   page ${page - start + 1} of ${count}`, MARGIN, HEIGHT - 40, {
      width: WIDTH - 2 * MARGIN,
      align: 'right',
      lineBreak: false,
    });
  }
}
