import { setSourceMapsSupport } from 'node:module';

/**
 * Stack traces name our own TypeScript. `node --enable-source-maps` reads the maps of every package and every thread
 * as well, and keeps them: some 25 MB of API and worker together. Imported before everything else of a program.
 */
setSourceMapsSupport(true, { nodeModules: false });
