import { Command } from 'commander';
import { addBuyerCommands } from './buyer-commands';
import { addDatabaseCommands } from './database-commands';
import { addDocumentCommands } from './document-commands';
import { addEdiCommands } from './edi/commands';
import { addGuideCommands } from './guide-commands';
import { HubCommandError } from './hub-api';
import { addInterchangeCommands, addPartnerCommands } from './partner-commands';
import {
  addExceptionCommands,
  addHoldCommands,
  addOrderCommands,
  addReconcileCommand,
} from './record-commands';
import { addRuleCommands } from './rule-commands';
import { addSourcingCommands } from './sourcing-commands';
import { addStoreKeyCommands } from './store-key-commands';

const program = new Command('hub').description('The order hub on the command line').showHelpAfterError();
// Of a command that is not understood nothing was done: 1 would say that something was rejected.
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
addEdiCommands(program);
addOrderCommands(program);
addDocumentCommands(program);
addInterchangeCommands(program);
addPartnerCommands(program);
addGuideCommands(program);
addRuleCommands(program);
addSourcingCommands(program);
addStoreKeyCommands(program);
addBuyerCommands(program);
addHoldCommands(program);
addExceptionCommands(program);
addReconcileCommand(program);
addDatabaseCommands(program);

// A reader that stops (less, head) has seen what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

program.parseAsync().catch((error: unknown) => {
  // What the user can mend is said in one line; anything else is ours and comes with its trace.
  console.error(error instanceof HubCommandError ? error.message : error);
  process.exitCode = 2;
});
