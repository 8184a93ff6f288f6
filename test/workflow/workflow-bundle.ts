import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../worker/bundle-workflows';

const root = join(__dirname, '../..');

/** Built once for a state of the sources, for all test files of all runs. */
export async function workflowBundlePath(): Promise<string> {
  const hash = createHash('sha256');
  for (const room of ['workflows', 'domain/order', 'domain/shared']) {
    for (const entry of readdirSync(join(root, room), { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) hash.update(readFileSync(join(entry.parentPath, entry.name)));
    }
  }
  const path = join(tmpdir(), `order-hub-workflows-${hash.digest('hex').slice(0, 16)}.js`);
  if (!existsSync(path)) {
    const staging = `${path}.${process.pid}`;
    writeFileSync(staging, await bundleWorkflows());
    renameSync(staging, path);
  }
  return path;
}
