import { connect } from '../../db/connection';
import type { Action } from './actions';
import { heardOf } from './contenders';

/** A process that does what it is told and says what came of it. */
const db = connect(process.env['DATABASE_URL'] ?? '', { poolMax: 2, applicationName: 'order-hub-contender' });

process.on('message', (message) => {
  const { action, now } = message as { action: Action; now: string };
  void heardOf(db, action, now).then((heard) => process.send?.({ kind: 'heard', heard }));
});
process.once('SIGTERM', () => void db.destroy().then(() => process.exit(0)));
process.on('disconnect', () => process.exit(0));
// A first query, so that what is raced is not the opening of a connection.
void db.raw('select 1').then(() => process.send?.('ready'));
