#!/usr/bin/env node
/**
 * `node scripts/compare-dictionary.mjs FACTS.json... [--sets 850,855] [--open]`: what other tables say that the
 * dictionary does not, set by set. A facts file holds one source's facts of one release; several of one release
 * are compared at once, so that every difference shows who stands where. `--open` prints only what is not backed
 * by most of the sources that speak of it, and exits 1 if there is any. The form of a facts file is in
 * docs/operations/developing.md.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences } from './dictionary/differences.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { failScript, SetupError } from './setup/progress.mjs';

await underNode24(import.meta.url);

function byRelease(files) {
  const releases = new Map();
  for (const file of files) {
    const facts = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof facts.source !== 'string' || typeof facts.release !== 'string')
      throw new SetupError(`${file} names no source or no release; see docs/operations/developing.md.`);
    releases.set(facts.release, [...(releases.get(facts.release) ?? []), facts]);
  }
  return releases;
}

const say = (line) => process.stdout.write(`${line}\n`);

/**
 * Most of those who speak of it say what the dictionary says. A list with a code more than others have is meant so
 * (docs/decisions/0014): only a code that it lacks is open.
 */
function isBacked(kind, [, ours, said]) {
  if (kind === 'codes' && ours === 'yes') return true;
  const agreeing = [...said.values()].filter((value) => value === ours).length;
  return agreeing > said.size - agreeing;
}

function print(kind, statements, onlyOpen) {
  const differing = statements.differing();
  const open = differing.filter((one) => !isBacked(kind, one));
  say(`  ${kind}: ${statements.compared} compared, ${differing.length} differ, ${open.length} open`);
  for (const [key, ours, said] of onlyOpen ? open : differing)
    say(`    ${key}: ours ${ours}; ${[...said].map(([source, value]) => `${source} ${value}`).join('; ')}`);
  return open.length;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sets: { type: 'string' }, open: { type: 'boolean', default: false } },
  });
  await ensureDependencies();
  await ensureBuild({ portal: false });
  const { dictionaryFor } = createRequire(import.meta.url)(join(root, 'dist/edi/dictionary/dictionary.js'));
  let open = 0;
  for (const [release, facts] of byRelease(positionals)) {
    const dictionary = dictionaryFor(release);
    if (dictionary === null) throw new SetupError(`No dictionary holds ${release}.`);
    say(`${release} (${facts.map(({ source }) => source).join(', ')})`);
    const found = differences(dictionary, facts, values.sets?.split(',') ?? null);
    for (const [kind, statements] of Object.entries(found)) open += print(kind, statements, values.open);
  }
  if (values.open && open > 0) process.exitCode = 1;
}

main().catch(failScript);
