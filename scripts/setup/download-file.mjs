/**
 * `node download-file.mjs URL FILE`: fetches one file, following redirects. Gives up fast when
 * nobody answers, and when a transfer stands still for 30 s.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [url, file] = process.argv.slice(2);
const STALL_MS = 30_000;

const giveUp = new AbortController();
let timer = setTimeout(
  () => giveUp.abort(new Error('no answer')),
  Number(process.env.CONNECT_SECONDS ?? 8) * 1000,
);

async function* watched(body) {
  for await (const chunk of body) {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp.abort(new Error('the transfer stands still')), STALL_MS);
    yield chunk;
  }
}

try {
  const response = await fetch(url, { signal: giveUp.signal });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${response.statusText}`.trim());
  await pipeline(Readable.from(watched(response.body)), createWriteStream(file));
  clearTimeout(timer);
} catch (error) {
  process.stderr.write(`${error.cause?.code ?? error.cause?.message ?? error.message}\n`);
  process.exit(1);
}
