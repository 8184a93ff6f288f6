import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

/** All workflow code as one file, built once and not by every worker at its start. */
export async function bundleWorkflows(): Promise<string> {
  const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../workflows/index'),
    logger: quiet,
  });
  return code;
}

if (require.main === module) {
  const target = process.argv[2] ?? join(__dirname, '../workflow-bundle.js');
  bundleWorkflows().then(
    (code) => writeFileSync(target, code),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
