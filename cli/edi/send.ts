import { callHub, HubCommandError } from '../hub-api';
import { readEdiFile } from './read-file';

interface SentReply {
  readonly interchanges: readonly {
    readonly id: string;
    readonly status: string;
    readonly ta1?: { readonly code: string; readonly note: string };
    readonly functionalAcks?: readonly string[];
  }[];
}

/** `hub edi send`: as the partner would, by its key, over POST /edi. */
export async function sendFile(
  file: string,
  options: { readonly partner: string; readonly json?: boolean },
): Promise<0 | 2> {
  const read = await readEdiFile(file);
  if ('error' in read) {
    console.error(`${file}: ${read.error}`);
    return 2;
  }
  const name = `HUB_PARTNER_KEY_${options.partner.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  const key = process.env[name] ?? process.env['HUB_PARTNER_KEY'];
  if (!key) throw new HubCommandError(`Set ${name} (or HUB_PARTNER_KEY) to the partner's key.`);
  const reply = (await callHub('/edi', {
    method: 'POST',
    bytes: read.bytes,
    key,
    waitSeconds: 5,
  })) as SentReply;
  if (options.json === true) console.log(JSON.stringify(reply));
  else {
    for (const interchange of reply.interchanges) {
      const ta1 = interchange.ta1 ? `  TA1 ${interchange.ta1.code} ${interchange.ta1.note}` : '';
      console.log(`${interchange.id}  ${interchange.status}${ta1}`);
      for (const ack of interchange.functionalAcks ?? []) console.log(`  ${ack}`);
    }
  }
  return 0;
}
