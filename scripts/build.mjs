#!/usr/bin/env node
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
/** `npm run build`: dist/ from the sources, and the portal. Does nothing when both are current. */
import { underNode24 } from './setup/node-24.mjs';
import { elapsedSeconds, failScript, say } from './setup/progress.mjs';

await underNode24(import.meta.url);
ensureDependencies()
  .then(() => ensureBuild())
  .then(() => say(`dist/ is current (${elapsedSeconds()} s).`), failScript);
