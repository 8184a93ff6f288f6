import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { InterchangeSummaryView } from '../api/contract/interchanges';
import type { PartnerSetUpProposalView, PartnerView } from '../api/contract/partners';
import { callHub, HubCommandError, listHub } from './hub-api';
import { second } from './instants';
import { printTable } from './print-table';
import { asLimit } from './record-commands';

const json = (value: unknown) => console.log(JSON.stringify(value, null, 2));

export function addInterchangeCommands(program: Command): void {
  program
    .command('interchange')
    .description('interchanges as they came and left')
    .command('list')
    .description('newest first; --status quarantined is what waits for its sender to be set up')
    .option('--status <status>', 'quarantined, failed, rejected, duplicate, judged, pending, sent, delivered')
    .option('--direction <in|out>')
    .option('--partner <id>')
    .option('--sender <id>', 'ISA06')
    .option('--control <number>', 'ISA13')
    .option('--json', 'for programs')
    .option('--limit <n>', 'rows at the most', asLimit, 50)
    .action(
      async (options: {
        status?: string;
        direction?: string;
        partner?: string;
        sender?: string;
        control?: string;
        json?: boolean;
        limit: number;
      }) => {
        const { status, direction, partner, sender, control } = options;
        const query = { status, direction, partner, sender, controlNumber: control };
        const rows = await listHub('/api/v1/interchanges', query, options.limit);
        if (options.json === true) console.log(JSON.stringify(rows));
        else printInterchanges(rows as unknown as InterchangeSummaryView[]);
      },
    );
}

function printInterchanges(rows: readonly InterchangeSummaryView[]): void {
  printTable(
    ['interchange', '', 'from', 'to', 'number', 'status', 'TA1', 'when', 'problem'],
    rows.map((one) => [
      one.id,
      one.direction,
      one.sender,
      one.receiver,
      one.controlNumber,
      one.status,
      one.ta1 === null ? '' : `${one.ta1.code} ${one.ta1.note}`,
      second(one.createdAt),
      one.problem ?? '',
    ]),
  );
}

export function addPartnerCommands(program: Command): void {
  const partners =
    program.commands.find((command) => command.name() === 'partner') ??
    program.command('partner').description('trading partners');
  partners
    .command('list')
    .option('--json', 'for programs')
    .option('--limit <n>', 'rows at the most', asLimit, 50)
    .description('with their agreements')
    .action(async (options: { json?: boolean; limit: number }) => {
      const rows = (await listHub('/api/v1/partners', {}, options.limit)) as unknown as PartnerView[];
      if (options.json === true) console.log(JSON.stringify(rows));
      else printPartners(rows);
    });
  partners
    .command('show')
    .argument('<partner>', 'its id')
    .option('--json', 'for programs')
    .description('one partner with its agreements, and who decided what about it')
    .action(async (id: string, options: { json?: boolean }) => {
      const one = (await callHub(`/api/v1/partners/${encodeURIComponent(id)}`)) as PartnerView;
      if (options.json === true) return console.log(JSON.stringify(one));
      printPartners([one]);
      printHistory(one.history);
    });
  partners
    .command('propose')
    .argument('<interchange>', 'its id, as hub interchange list prints it')
    .description('how its sender would be set up, by what its file says: JSON to complete and give to set-up')
    .action(async (id: string) =>
      json(
        (await callHub(
          `/api/v1/interchanges/${encodeURIComponent(id)}/partner-set-up`,
        )) as PartnerSetUpProposalView,
      ),
    );
  partners
    .command('set-up')
    .argument('<file>', 'JSON as propose prints it; - reads it from the pipe')
    .description('partner, channel, interchange agreement and document agreements, all or nothing')
    .action(async (file: string) => {
      const done = (await callHub('/api/v1/partner-set-ups', {
        method: 'POST',
        body: await readSetUp(file),
      })) as { partnerId: string; agreementId: string };
      console.log(`Partner ${done.partnerId} is set up under agreement ${done.agreementId}.`);
    });
  partners
    .command('key')
    .argument('<partner>', 'its id')
    .description('another key for it to send and to poll its mailbox with; shown once')
    .action(async (id: string) => {
      const given = (await callHub(`/api/v1/partners/${encodeURIComponent(id)}/keys`, {
        method: 'POST',
      })) as {
        key: string;
        isaIds: string[];
      };
      console.log(given.key);
      console.error(`For interchanges of ${given.isaIds.join(', ')}. The hub does not show it again.`);
    });
  for (const [verb, status, about] of [
    ['suspend', 'suspended', 'exchange nothing with it: what it sends waits in quarantine, unanswered'],
    ['resume', 'live', 'exchange documents with it (again)'],
  ] as const)
    partners
      .command(verb)
      .argument('<partner>', 'its id')
      .description(about)
      .action(async (id: string) => {
        await callHub(`/api/v1/partners/${encodeURIComponent(id)}/status-changes`, {
          method: 'POST',
          body: { status },
        });
        console.log(`Partner ${id} is ${status}.`);
      });
}

async function readSetUp(file: string): Promise<unknown> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: Error) => {
    throw new HubCommandError(`${file} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new HubCommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function printPartners(rows: readonly PartnerView[]): void {
  printTable(
    ['partner', 'name', 'status', 'customer', 'agreement', 'between', 'usage', 'channel', 'sets'],
    rows.flatMap((one) => {
      const partner = [one.id, one.name, one.status, one.customerId ?? ''];
      return one.interchangeAgreements.length === 0
        ? [partner]
        : one.interchangeAgreements.map((agreement) => [
            ...partner,
            agreement.id,
            `${agreement.own} - ${agreement.partner}`,
            agreement.usage,
            agreement.channel,
            agreement.documents
              .map(({ direction, setId }) => `${direction === 'in' ? '<' : '>'}${setId}`)
              .join(' '),
          ]);
    }),
  );
}

function printHistory(history: PartnerView['history']): void {
  if (history.length === 0) return;
  console.log('');
  printTable(
    ['when', 'by', 'what'],
    history.map(({ at, by, kind, detail }) => [second(at), by, decided(kind, detail)]),
  );
}

function decided(
  kind: PartnerView['history'][number]['kind'],
  detail: PartnerView['history'][number]['detail'],
): string {
  if (kind === 'status') return `${detail['to']} (was ${detail['from']})`;
  if (kind === 'key') return `key given for ${detail['for']}`;
  if (kind === 'set-up') return `agreement ${detail['agreement']} set up by channel ${detail['channel']}`;
  return `${detail['set']} ${detail['direction']} of ${detail['agreement']} by guide ${detail['to']} (was ${detail['from']})`;
}
