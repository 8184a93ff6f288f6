import express from 'express';
import { connect } from '../../db/connection';
import { createEdiRouter } from '../../gateway/transport/https/edi-router';

/** The partners' door alone, as the API mounts it. */
const db = connect(process.env['DATABASE_URL'] ?? '', { poolMax: 10, applicationName: 'order-hub-door' });
const app = express();
app.use('/edi', createEdiRouter({ db, now: () => new Date().toISOString() }));
const server = app.listen(Number(process.env['DOOR_PORT']), '127.0.0.1', () => process.send?.('ready'));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void db.destroy().then(() => process.exit(0));
});
