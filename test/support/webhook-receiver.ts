import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

export interface TakenEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A buyer's system that takes webhooks; what is not signed with its secret it does not keep. */
export class WebhookReceiver {
  readonly secret = `whsec_${Buffer.from('a secret of sixteen bytes or more').toString('base64')}`;
  readonly events: TakenEvent[] = [];
  /** The answers that come before it takes one. */
  readonly answers: number[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const status = this.answers.shift();
        if (status !== undefined) return void response.writeHead(status).end();
        try {
          const headers = request.headers as Record<string, string>;
          const event = new Webhook(this.secret).verify(Buffer.concat(chunks).toString('utf8'), headers);
          this.events.push(event as TakenEvent);
          response.writeHead(204).end();
        } catch {
          response.writeHead(401).end();
        }
      });
    });
  }

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((done) => receiver.#server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/hooks`;
  }

  close = () =>
    new Promise<void>((done) => {
      this.#server.closeAllConnections();
      this.#server.close(() => done());
    });
}
