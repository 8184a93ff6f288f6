import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { GuideSummaryView, GuideView } from '../api/contract/guides';
import { checkGuide } from '../edi/guides/check-guide';
import { readGuides } from './edi/read-guide';
import { callHub, listHub } from './hub-api';
import { printTable } from './print-table';
import { asLimit } from './record-commands';

interface SaveOptions {
  readonly from?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** `hub guide ...`: partner guides of the running hub. */
export function addGuideCommands(program: Command): void {
  const guides = program.command('guide').description('partner guides of the running hub');
  guides
    .command('check')
    .description('hold guides against the standard, without a hub; exit 2 where one cannot stand')
    .argument('<file>', 'JSON: a guide, or a list of them')
    .action(async (file: string) => {
      for (const guide of await readGuides(file))
        console.log(
          `${guide.name}: ${checkGuide(guide).length === 0 ? 'narrows' : 'breaks'} the ${guide.set} of ${guide.version}`,
        );
    });
  guides
    .command('save')
    .description('save the next version of each guide of a file; what is saved never changes')
    .argument('<file>', 'JSON: a guide, or a list of them')
    .option('--from <day>', "first day on which it is in force, the partner's (today)")
    .option('--until <day>', 'last day')
    .option('--json', 'for programs')
    .action(saveGuides);
  guides
    .command('list')
    .description('every guide with its latest version')
    .option('--json', 'for programs')
    .option('--limit <n>', 'rows at the most', asLimit, 50)
    .action(async (options: { json?: boolean; limit: number }) => {
      const rows = (await listHub('/api/v1/guides', {}, options.limit)) as unknown as GuideSummaryView[];
      if (options.json === true) console.log(JSON.stringify(rows));
      else printGuides(rows);
    });
  guides
    .command('show')
    .description('a version of a guide, as it was saved')
    .argument('<name>')
    .option('--version <n>', 'not the latest one', asLimit)
    .option('--json', 'for programs: the guide alone')
    .action(async (name: string, options: { version?: number; json?: boolean }) => {
      const query = options.version === undefined ? '' : `?version=${options.version}`;
      const guide = (await callHub(`/api/v1/guides/${encodeURIComponent(name)}${query}`)) as GuideView;
      if (options.json === true) return console.log(JSON.stringify(guide.body));
      printGuides(guide.versions);
      console.log(`\nVersion ${guide.version}:\n${JSON.stringify(guide.body, null, 2)}`);
    });
  guides
    .command('use')
    .description('let a set of an agreement go by a guide')
    .argument('<name>', 'the guide, or "none" for the standard alone')
    .requiredOption('--agreement <id>')
    .requiredOption('--direction <in|out>')
    .requiredOption('--set <set>')
    .action(async (name: string, options: { agreement: string; direction: string; set: string }) => {
      const body = {
        agreementId: options.agreement,
        direction: options.direction,
        set: options.set,
        guide: name === 'none' ? null : name,
      };
      await callHub('/api/v1/guides/assignments', { method: 'POST', body, idempotencyKey: randomUUID() });
      console.log(`The ${options.set} ${options.direction} of ${options.agreement} goes by ${name}.`);
    });
}

async function saveGuides(file: string, options: SaveOptions): Promise<void> {
  const saved: GuideSummaryView[] = [];
  for (const guide of await readGuides(file)) {
    const body = {
      guide,
      ...(options.from === undefined ? {} : { effectiveFrom: options.from }),
      ...(options.until === undefined ? {} : { effectiveUntil: options.until }),
    };
    saved.push(
      (await callHub('/api/v1/guides', {
        method: 'POST',
        body,
        idempotencyKey: randomUUID(),
      })) as GuideSummaryView,
    );
  }
  if (options.json === true) console.log(JSON.stringify(saved));
  else printGuides(saved);
}

function printGuides(rows: readonly GuideSummaryView[]): void {
  printTable(
    ['guide', 'version', 'set', 'release', 'from', 'until', 'saved by', 'title'],
    rows.map((one) => [
      one.name,
      String(one.version),
      one.set,
      one.release,
      one.effectiveFrom,
      one.effectiveUntil ?? '',
      one.savedBy,
      one.title,
    ]),
  );
}
