import { z } from 'zod';
import type { Identity } from './identity';

const page = z.object({ documents: z.array(z.object({ id: z.string() })), next: z.string().nullable() });

/** The partner's end of the hub's HTTPS door: sends interchanges, fetches what lies in its mailbox. */
export class Mailbox {
  readonly #hubUrl: string;
  readonly #identity: Identity;

  constructor(hubUrl: string, identity: Identity) {
    this.#hubUrl = hubUrl;
    this.#identity = identity;
  }

  /** Sent again until the hub says that it has archived the bytes: an interchange that came twice is its business. */
  async send(text: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#ask('/edi', { method: 'POST', body: Buffer.from(text, 'latin1') }).catch(
        (error: Error) => error,
      );
      if (answer instanceof Response && answer.status === 202) return void (await answer.arrayBuffer());
      const said = answer instanceof Response ? `${answer.status} ${await answer.text()}` : answer.message;
      const mayPass = !(answer instanceof Response) || answer.status >= 500 || answer.status === 429;
      if (!mayPass || attempt >= 40) throw new Error(`the hub did not take an interchange: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async waiting(): Promise<readonly string[]> {
    const answer = await this.#ask('/edi/documents?direction=out&status=pending');
    if (!answer.ok) throw new Error(`the mailbox answered ${answer.status}`);
    return page.parse(await answer.json()).documents.map((one) => one.id);
  }

  async fetch(id: string): Promise<Buffer> {
    const answer = await this.#ask(`/edi/documents/${id}`);
    if (!answer.ok) throw new Error(`the mailbox answered ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async received(id: string): Promise<void> {
    const answer = await this.#ask(`/edi/documents/${id}/received`, { method: 'POST' });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`the mailbox answered ${answer.status}`);
  }

  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.#hubUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.#identity.apiKey}`, 'content-type': 'application/edi-x12' },
      signal: AbortSignal.timeout(10_000),
    });
  }
}
