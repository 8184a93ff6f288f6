import { Agent, request } from 'node:http';
import { type BenchPartner, itemId, OWN, PARTNERS, partners, UNIT_PRICE } from './company';

export const LINES_PER_ORDER = 3;

export interface SentOrder {
  readonly purchaseOrderNumber: string;
  readonly partner: BenchPartner;
  /** Milliseconds of `performance.now()`. */
  readonly sentAt: number;
}

/** The nth purchase order of this run: one 850 alone in its interchange, partners in turn. */
export function purchaseOrder(n: number): {
  readonly purchaseOrderNumber: string;
  readonly partner: BenchPartner;
  readonly text: string;
} {
  const partner = partners[n % PARTNERS] as BenchPartner;
  const purchaseOrderNumber = `PO${String(n).padStart(7, '0')}`;
  const control = Math.floor(n / PARTNERS) + 1;
  const number = String(control).padStart(9, '0');
  const body = [
    'ST*850*0001',
    `BEG*00*SA*${purchaseOrderNumber}**20261120`,
    'N1*ST*Distribution center*92*DC1',
    ...Array.from(
      { length: LINES_PER_ORDER },
      (_, line) =>
        `PO1*${line + 1}*${10 + ((n + line) % 40)}*EA*${UNIT_PRICE}**VP*${itemId(n * LINES_PER_ORDER + line)}`,
    ),
    `CTT*${LINES_PER_ORDER}`,
  ];
  const segments = [
    `ISA*00*          *00*          *ZZ*${partner.id.padEnd(15)}*${OWN.qualifier}*${OWN.isaId.padEnd(15)}*261120*1200*U*00401*${number}*0*P*>`,
    `GS*PO*${partner.gsId}*${OWN.gsId}*20261120*1200*${control}*X*004010`,
    ...body,
    `SE*${body.length + 1}*0001`,
    `GE*1*${control}`,
    `IEA*1*${number}`,
  ];
  return { purchaseOrderNumber, partner, text: `${segments.join('~\n')}~\n` };
}

/** Posts purchase orders to the hub's /edi door over connections that stay open. */
export class EdiSender {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  #next = 0;

  constructor(hubUrl: string) {
    this.#url = `${hubUrl}/edi`;
  }

  async sendNext(): Promise<SentOrder> {
    const { text, partner, purchaseOrderNumber } = purchaseOrder(this.#next++);
    const sentAt = performance.now();
    await this.#post(partner.key, text);
    return { purchaseOrderNumber, partner, sentAt };
  }

  /** So many, as fast as they are taken over `connections`. */
  async burst(count: number, connections: number): Promise<readonly SentOrder[]> {
    const sent: SentOrder[] = [];
    let left = count;
    const connection = async () => {
      while (left > 0) {
        left--;
        sent.push(await this.sendNext());
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
    return sent;
  }

  /** So many, evenly over time, whether or not the hub keeps up. */
  async evenly(count: number, perSecond: number): Promise<readonly SentOrder[]> {
    const startedAt = performance.now();
    const sending: Promise<SentOrder>[] = [];
    for (let n = 0; n < count; n++) {
      const waitMs = startedAt + (n * 1000) / perSecond - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      sending.push(this.sendNext());
    }
    return Promise.all(sending);
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(key: string, body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/edi-x12',
        'content-length': Buffer.byteLength(body),
      };
      const call = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 202) resolve();
          else
            reject(new Error(`the hub answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`));
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
