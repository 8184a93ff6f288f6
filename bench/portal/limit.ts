import { createServer } from 'node:http';
import { Pool } from 'pg';

/**
 * What this machine gives anyone who takes an order over HTTP: one transaction of the four statements without which
 * no order can be durable and its stock exact, in plain SQL, with no rule applied.
 */
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

async function takeOrder(item: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({
      name: 'lock',
      text: 'select quantity from bare_stock where item = $1 for update',
      values: [item],
    });
    await client.query({
      name: 'take',
      text: 'update bare_stock set quantity = quantity - 1 where item = $1',
      values: [item],
    });
    await client.query({
      name: 'write',
      text: 'insert into bare_order (item, quantity) values ($1, 1)',
      values: [item],
    });
    await client.query('commit');
  } finally {
    client.release();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { item } = JSON.parse(Buffer.concat(chunks).toString()) as { item: string };
    takeOrder(item).then(
      () => response.writeHead(201).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
}).listen(Number(process.env['LIMIT_PORT']), '127.0.0.1', () => process.send?.('ready'));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pool.end().then(() => process.exit(0));
});
