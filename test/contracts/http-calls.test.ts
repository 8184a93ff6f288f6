import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { callJson } from '../../adapters/json-call';
import { endpoint, impatientMs } from './outside';

/** A counterparty that does what no simulator does. */
describe('a call to the outside', () => {
  let server: Server;
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function answering(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const ask = (url: string) =>
    callJson({
      system: 'erp',
      endpoint: { ...endpoint(url), timeoutMs: impatientMs * 10 },
      method: 'POST',
      path: '/things',
      body: { name: 'Žluťoučký kůň' },
      reply: z.object({ name: z.string() }),
    });

  test('text in any language comes and goes unharmed, over one connection for many calls', async () => {
    const url = await answering((request, response) => request.pipe(response));
    let connections = 0;
    server.on('connection', () => connections++);
    for (let call = 0; call < 5; call++) await expect(ask(url)).resolves.toEqual({ name: 'Žluťoučký kůň' });
    expect(connections).toBe(1);
  });

  test('a redirect is not followed, and says which address to set', async () => {
    let asked = 0;
    const url = await answering((_request, response) => {
      asked++;
      response.writeHead(301, { location: 'https://elsewhere.example/things' }).end();
    });
    await expect(ask(url)).rejects.toMatchObject({
      slug: 'unreachable',
      retryable: true,
      message: expect.stringContaining('https://elsewhere.example/things'),
    });
    expect(asked).toBe(1);
  });

  test('an answer that breaks off may be asked for again', async () => {
    const url = await answering((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"name":');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(ask(url)).rejects.toMatchObject({ slug: 'unreachable', retryable: true });
  });

  test('an answer that never ends is given up', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    const url = await answering((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await expect(ask(url)).rejects.toMatchObject({ slug: 'unreachable' });
  });

  test('a connection that the other side has closed meanwhile does no harm', async () => {
    const url = await answering((request, response) => request.pipe(response));
    await ask(url);
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(ask(url)).resolves.toEqual({ name: 'Žluťoučký kůň' });
  });
});
