import { Agent, request } from 'node:http';

export interface Answered {
  readonly status: number;
  readonly ms: number;
}

/** POSTs JSON over kept connections, one an agent's socket. A connection that breaks is answered 0. */
export class Caller {
  readonly #agent = new Agent({ keepAlive: true });

  post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const text = JSON.stringify(body);
    const startedAt = performance.now();
    const all = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      ...headers,
    };
    return new Promise((resolve) => {
      const answered = (status: number) => resolve({ status, ms: performance.now() - startedAt });
      const call = request(url, { method: 'POST', agent: this.#agent, headers: all }, (response) => {
        response.resume().on('error', () => answered(0));
        response.on('end', () => answered(response.statusCode ?? 0));
      });
      call.on('error', () => answered(0)).end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** As many clients as asked for, each one call after the other, until `count` calls are answered. */
export async function together(
  clients: number,
  count: number,
  call: (n: number) => Promise<Answered>,
): Promise<{ readonly perSecond: number; readonly answers: readonly Answered[] }> {
  const answers: Answered[] = [];
  let next = 0;
  const startedAt = performance.now();
  const client = async () => {
    while (next < count) answers.push(await call(next++));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { perSecond: (count * 1000) / (performance.now() - startedAt), answers };
}
