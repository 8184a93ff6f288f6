/**
 * Who may import whom: the table of docs/architecture.md as data. The most specific room that holds
 * a file decides; a room may always import itself, unless a narrower room below it says otherwise.
 */
export interface Wall {
  /** Folders (`edi/mapping`), single files (`domain/shared/ids`), or `adapters/*\/contract` with a star for one folder. */
  readonly mayImport: readonly string[] | 'everything';
  /** Packages; where it is left out, any that package.json names. `node:` stands for all of Node's own modules. */
  readonly packages?: readonly string[];
  /** Only with `import type`: nothing of it runs here. */
  readonly typesOnly?: readonly string[];
}

export const walls: Readonly<Record<string, Wall>> = {
  domain: { mayImport: [], packages: ['decimal.js'] },
  // Node's buffers are bytes, not input or output.
  edi: { mayImport: [], packages: ['node:buffer'] },
  'edi/guides': { mayImport: ['edi'], packages: ['zod'] },
  'edi/mapping': { mayImport: ['edi', 'domain'], packages: [] },
  db: { mayImport: ['domain'] },
  application: { mayImport: ['domain', 'db'] },
  workflows: {
    // Ids and states run in workflow code; of everything else only the types, which are gone when it runs.
    mayImport: ['domain/order', 'domain/shared/ids'],
    typesOnly: ['domain'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  'workflows/client': { mayImport: ['workflows/contracts', 'db'], typesOnly: ['domain'] },
  adapters: { mayImport: ['domain'] },
  gateway: { mayImport: ['edi', 'domain', 'application', 'workflows/client', 'db'] },
  activities: {
    mayImport: ['domain', 'application', 'adapters', 'gateway'],
    // The connection is handed through to application; activities never query it.
    typesOnly: ['workflows/contracts', 'db/connection'],
  },
  'worker/jobs': { mayImport: ['application', 'gateway', 'workflows/client', 'adapters', 'db', 'domain'] },
  worker: { mayImport: 'everything' },
  api: {
    mayImport: ['domain', 'edi', 'application', 'workflows/client', 'gateway', 'adapters/*/contract', 'db'],
  },
  'api/main': { mayImport: 'everything' },
  cli: { mayImport: ['edi', 'domain', 'db'], typesOnly: ['api'] },
  'cli/main': { mayImport: 'everything' },
  config: { mayImport: [], packages: ['zod', 'node:'] },
  simulators: { mayImport: ['adapters/*/contract'] },
  portal: { mayImport: [], typesOnly: ['api'] },
  bench: { mayImport: 'everything' },
  test: { mayImport: 'everything' },
};

/** What nobody imports, whatever its own wall says. */
export const closedRooms = ['test', 'bench', 'simulators'] as const;

/** The one room (besides each process's main, tests and benchmarks) that may hold Temporal's client. */
export const temporalClientRooms = [
  'workflows/client',
  'worker',
  'api/main',
  'cli/main',
  'test',
  'bench',
] as const;
