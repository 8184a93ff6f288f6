import { stat } from 'node:fs/promises';
import { callHub, HubCommandError } from '../hub-api';
import { readEdiFile } from './read-file';
import { type SentReply, sendInPieces } from './send-in-pieces';

/** What the hub takes by one request, as interface: larger files go in pieces. */
const AT_ONCE_BYTES = 50 * 1024 * 1024;
const MOST_BYTES = 1024 * 1024 * 1024;

export interface SendOptions {
  readonly partner: string;
  readonly json?: boolean;
  /** Of one request; smaller in tests. */
  readonly atOnceBytes?: number;
}

/** `hub edi send`: as the partner would, by its key, over POST /edi. */
export async function sendFile(file: string, options: SendOptions): Promise<0 | 2> {
  const { atOnceBytes = AT_ONCE_BYTES } = options;
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
  if (size > MOST_BYTES) {
    console.error(`${file}: it is larger than 1 GB`);
    return 2;
  }
  if (size > atOnceBytes) {
    await sendInPieces(file, keyOf(options.partner), atOnceBytes, (piece, at, of, reply) => {
      if (options.json === true) console.log(JSON.stringify(reply));
      else
        console.log(
          `${at} of ${of}: ${piece.interchanges} interchanges, ${piece.to - piece.from} bytes, received`,
        );
    });
    return 0;
  }
  const read = await readEdiFile(file);
  if ('error' in read) {
    console.error(`${file}: ${read.error}`);
    return 2;
  }
  const key = keyOf(options.partner);
  const reply = (await callHub('/edi', {
    method: 'POST',
    bytes: read.bytes,
    key,
    waitSeconds: 5,
  })) as SentReply;
  if (options.json === true) console.log(JSON.stringify(reply));
  else printReply(reply);
  return 0;
}

function keyOf(partner: string): string {
  const name = `HUB_PARTNER_KEY_${partner.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  const key = process.env[name] ?? process.env['HUB_PARTNER_KEY'];
  if (!key) throw new HubCommandError(`Set ${name} (or HUB_PARTNER_KEY) to the partner's key.`);
  return key;
}

function printReply(reply: SentReply): void {
  for (const interchange of reply.interchanges) {
    const ta1 = interchange.ta1 ? `  TA1 ${interchange.ta1.code} ${interchange.ta1.note}` : '';
    console.log(`${interchange.id}  ${interchange.status}${ta1}`);
    for (const ack of interchange.functionalAcks ?? []) console.log(`  ${ack}`);
    if (interchange.problem) console.log(`  ${interchange.problem}`);
  }
}
