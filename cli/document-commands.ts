import type { Command } from 'commander';
import type { DocumentSummaryView, DocumentView } from '../api/contract/documents';
import { segmentLines } from '../edi/show/show-text';
import type { ShownFinding, ShownSegment } from '../edi/show/shown-segments';
import { callHub, listHub } from './hub-api';
import { second } from './instants';
import { paint } from './paint';
import { printTable } from './print-table';
import { asLimit } from './record-commands';

/** Options of `hub document list` and what the API calls them. */
const filters = {
  search: ['number', 'search', 'any number it carries: PO, invoice, SSCC, item, reference, control number'],
  po: ['number', 'purchaseOrderNumber', 'purchase order'],
  invoice: ['number', 'invoiceNumber', 'invoice'],
  shipment: ['number', 'shipmentNumber', 'shipment'],
  sscc: ['number', 'sscc', 'SSCC-18'],
  item: ['id', 'item', 'product id'],
  reference: ['number', 'reference', 'REF, N9, bill of lading, carrier package'],
  control: ['number', 'controlNumber', 'ISA13, GS06 or ST02'],
  partner: ['id', 'partner', 'trading partner'],
  order: ['id', 'order', 'order of the hub'],
  set: ['id', 'set', 'transaction set, for example 850'],
  direction: ['in|out', 'direction', 'received or sent'],
  usage: ['P|T', 'usage', 'production or test'],
  from: ['day', 'from', 'since this day (UTC)'],
  until: ['day', 'until', 'to this day (UTC), included'],
  validation: ['status', 'validation', 'accepted, accepted-with-errors, rejected, held'],
  delivery: ['status', 'delivery', 'received, pending, sent, delivered, undeliverable'],
  acknowledgement: ['status', 'acknowledgement', 'expected, overdue, accepted, rejected, answered, ...'],
} as const;
type Given = { readonly [N in keyof typeof filters]?: string };

export function addDocumentCommands(program: Command): void {
  const documents = program.command('document').description('the archive of what came in and went out');
  const list = documents.command('list').description('newest first');
  for (const [name, [argument, , about]] of Object.entries(filters))
    list.option(`--${name} <${argument}>`, about);
  list
    .option('--json', 'for programs')
    .option('--limit <n>', 'rows at the most', asLimit, 50)
    .action(async (options: Given & { json?: boolean; limit: number }) => {
      const query = Object.entries(filters).map(([name, [, parameter]]) => [
        parameter,
        options[name as keyof typeof filters],
      ]);
      const rows = (await listHub(
        '/api/v1/documents',
        Object.fromEntries(query) as Record<string, string | undefined>,
        options.limit,
      )) as unknown as DocumentSummaryView[];
      if (options.json === true) console.log(JSON.stringify(rows));
      else printDocuments(rows);
    });
  documents
    .command('show')
    .argument('<document>', 'its id')
    .option('--raw', 'the bytes of its interchange')
    .option('--json', 'for programs')
    .option('--no-color', 'plain text, also on a terminal')
    .description('a document for people, with its findings and what became of it')
    .action(async (id: string, options: { raw?: boolean; json?: boolean }) => {
      const path = `/api/v1/documents/${encodeURIComponent(id)}`;
      if (options.raw === true) return void process.stdout.write(String(await callHub(`${path}/raw`)));
      const document = (await callHub(path)) as DocumentView;
      if (options.json === true) return console.log(JSON.stringify(document));
      printDocument(document);
    });
}

export function printDocuments(rows: readonly DocumentSummaryView[]): void {
  printTable(
    [
      'document',
      '',
      'set',
      'partner',
      'about',
      'numbers',
      'validation',
      'delivery',
      'acknowledgement',
      'when',
    ],
    rows.map((d) => [
      d.id,
      d.direction,
      d.setId,
      d.partnerId ?? '',
      d.invoiceNumber ?? d.purchaseOrderNumber ?? d.shipmentNumber ?? '',
      `${d.interchangeControlNumber}/${d.groupControlNumber}/${d.controlNumber}`,
      d.findingCount === 0 ? d.validation : `${d.validation} (${d.findingCount})`,
      d.delivery,
      d.acknowledgement,
      second(d.createdAt),
    ]),
  );
}

function printDocument(document: DocumentView): void {
  const direction = document.direction === 'in' ? 'received from' : 'sent to';
  console.log(
    paint.bold(
      `${document.setId} ${document.name}, ${direction} ${document.partnerId ?? 'an unknown partner'}`,
    ),
  );
  console.log(
    `interchange ${document.interchangeControlNumber} (${document.interchangeId}), group ${document.groupControlNumber}, set ${document.controlNumber}, version ${document.version}`,
  );
  console.log(
    `validation ${document.validation}, delivery ${document.delivery}, acknowledgement ${document.acknowledgement}`,
  );
  if (document.orderId !== null) console.log(`order ${document.orderId}`);
  for (const link of document.answeredBy) console.log(`answered with ${link.setId} ${link.id}`);
  if (document.acknowledgedBy) console.log(`acknowledged by ${document.acknowledgedBy.id}`);
  if (document.reissueOf) console.log(`reissue of ${document.reissueOf.id}`);
  for (const link of document.reissues) console.log(`reissued as ${link.id}`);
  console.log('');
  for (const segment of document.segments ?? []) {
    const findings = segment.findings as readonly ShownFinding[];
    const shown: ShownSegment = { ...segment, findings };
    for (const line of segmentLines(shown, paint)) console.log(line);
  }
  if (document.segments === null) console.log('It is too large to show here: --raw prints its bytes.');
  if (document.moreSegments) console.log('... and more: --raw prints all of its bytes.');
  console.log('');
  printTable(
    ['when', 'what', ''],
    document.history.map((entry) => [second(entry.at), entry.aspect, entry.text]),
  );
  if (document.actions.length > 0)
    console.log(
      `\nhub edi ${document.actions.map((action) => `${action} ${document.id}`).join('\nhub edi ')}`,
    );
}
