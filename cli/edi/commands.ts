import type { Command } from 'commander';
import { acknowledgeFile } from './ack';
import { checkFiles } from './check';
import { askForDocument } from './document-actions';
import { sendFile } from './send';
import { showFile } from './show';

/** `hub edi ...` */
export function addEdiCommands(program: Command): void {
  const edi = program.command('edi').description('read, check and send EDI files');
  edi
    .command('check')
    .description('say what the hub would answer; exit 0 accepted, 1 something rejected, 2 unreadable')
    .argument('<file...>', '- is standard input; files named together are one arrival')
    .option('--guide <file>', "check against a partner's guide (JSON)")
    .option('--partner <id>', 'take the agreement of this partner from the running hub')
    .option('--json', 'one object a file, on a line of its own')
    .action(async (files: string[], options: { guide?: string; partner?: string; json?: boolean }) => {
      process.exitCode = await checkFiles(files, options);
    });
  edi
    .command('ack')
    .description('print the interchange with the TA1 and 997 that would go back')
    .argument('<file>', '- is standard input')
    .action(async (file: string) => {
      process.exitCode = await acknowledgeFile(file);
    });
  edi
    .command('show')
    .description('print a file for people, every segment, element and code named')
    .argument('<file>')
    .option('--all', 'however long it is')
    .option('--no-color', 'plain text, also on a terminal (as NO_COLOR does)')
    .action(async (file: string, options: { all?: boolean }) => {
      process.exitCode = await showFile(file, options);
    });
  edi
    .command('send')
    .description('hand a file to the running hub, as a partner')
    .argument('<file>')
    .requiredOption('--partner <id>', 'whose key to use: HUB_PARTNER_KEY, or HUB_PARTNER_KEY_<ID>')
    .option('--json', 'the reply as it came')
    .action(async (file: string, options: { partner: string; json?: boolean }) => {
      process.exitCode = await sendFile(file, options);
    });
  edi
    .command('replay')
    .description('take in again a document that was set aside, or an interchange in quarantine')
    .argument('<document>', 'id of the document or interchange')
    .option('--confirmed', 'although the partner has sent the same again')
    .action((id: string, options: { confirmed?: boolean }) =>
      askForDocument(id, 'replays', { confirmed: options.confirmed === true }),
    );
  edi
    .command('retransmit')
    .description('send a document again: the same bytes')
    .argument('<document>')
    .action((id: string) => askForDocument(id, 'retransmissions', {}));
  edi
    .command('reissue')
    .description('send a document again with new control numbers')
    .argument('<document>')
    .option('--confirmed', 'although an 856 or 810 may count twice')
    .action((id: string, options: { confirmed?: boolean }) =>
      askForDocument(id, 'reissues', { confirmed: options.confirmed === true }),
    );
}
