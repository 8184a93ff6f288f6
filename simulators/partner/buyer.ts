import { Keep } from '../ground/keep';
import { percentOf } from './arithmetic';
import { type ChangeToSend, composeChange, composeOrder, type OrderToSend } from './compose-order';
import type { Identity } from './identity';
import { Mailbox } from './mailbox';
import { readAcknowledgment } from './read-acknowledgment';
import { type ReadGroup, type ReadInterchange, type ReadSet, readInterchange } from './read-x12';
import { newTrade, type Sent, type Trade } from './trade';
import { type Document, type Invoice, understand } from './understand';
import { type Segment, writeInterchange } from './write-x12';

export interface BuyerOptions {
  readonly identity: Identity;
  readonly hubUrl: string;
  readonly erpUrl: string;
  readonly folder: string | null;
}

/** ISA13 has nine digits; seconds since 2025 leave room for thirty years and never go back. */
const epoch = Date.UTC(2025, 0, 1);

/** One company that buys from the hub's owner: its orders, its mail, its books. */
export class Buyer {
  readonly identity: Identity;
  readonly #mailbox: Mailbox;
  readonly #erpUrl: string;
  readonly #trades: Keep<Trade>;
  readonly #numbers: Keep<number>;
  readonly #fetched: Keep<string>;
  readonly problems: string[] = [];
  #working: Promise<void> = Promise.resolve();

  constructor({ identity, hubUrl, erpUrl, folder }: BuyerOptions) {
    this.identity = identity;
    this.#mailbox = new Mailbox(hubUrl, identity);
    this.#erpUrl = erpUrl;
    const own = identity.id.toLowerCase();
    this.#trades = new Keep(folder, `${own}-trades`);
    this.#numbers = new Keep(folder, `${own}-numbers`);
    this.#fetched = new Keep(folder, `${own}-mail`);
  }

  trade(purchaseOrder: string): Trade | undefined {
    return this.#trades.get(purchaseOrder);
  }

  trades(): readonly Trade[] {
    return this.#trades.values();
  }

  order(purchaseOrder: string, order: OrderToSend): Promise<Sent> {
    return this.#send('850', purchaseOrder, composeOrder(order, purchaseOrder, new Date()));
  }

  change(purchaseOrder: string, change: ChangeToSend): Promise<Sent> {
    const trade = this.#known(purchaseOrder);
    return this.#send(
      '860',
      purchaseOrder,
      composeChange(change, purchaseOrder, new Date(trade.startedAt), new Date()),
    );
  }

  /** An 850 as somebody else's system wrote it, right or wrong. */
  raw(purchaseOrder: string, segments: readonly Segment[]): Promise<Sent> {
    const filled = segments.map((segment) =>
      segment.map((one) => one.replace('{purchaseOrder}', purchaseOrder)),
    );
    return this.#send('850', purchaseOrder, filled);
  }

  /** The same bytes again, as a sender does who is not sure that they arrived. */
  async again(purchaseOrder: string): Promise<Sent> {
    const [first] = this.#known(purchaseOrder).sent;
    if (!first) throw new Error(`nothing was sent for ${purchaseOrder}`);
    const copy: Sent = { ...first, sentAt: new Date().toISOString(), acknowledgment: null };
    this.#note(purchaseOrder, copy);
    await this.#mailbox.send(first.text);
    return copy;
  }

  /** Fetches what is in the mailbox; one round at a time. */
  poll(): Promise<void> {
    // A round that failed, because the hub was away, does not end the rounds after it.
    this.#working = this.#working.catch(() => undefined).then(() => this.#readMail());
    return this.#working;
  }

  #known(purchaseOrder: string): Trade {
    const trade = this.#trades.get(purchaseOrder);
    if (!trade) throw new Error(`${this.identity.id} never sent ${purchaseOrder}`);
    return trade;
  }

  async #send(set: '850' | '860', purchaseOrder: string, segments: readonly Segment[]): Promise<Sent> {
    const group = { functionalId: set === '850' ? 'PO' : 'PC', sets: [{ set, segments }] };
    const written = writeInterchange(this.identity, group, this.#nextNumbers(), new Date());
    const sent: Sent = { set, ...written, sentAt: new Date().toISOString(), acknowledgment: null };
    // Written down before it leaves, so that an answer never meets a stranger.
    this.#note(purchaseOrder, sent);
    await this.#mailbox.send(written.text);
    return sent;
  }

  #note(purchaseOrder: string, sent: Sent): void {
    const trade = this.#trades.get(purchaseOrder) ?? newTrade(this.identity.id, purchaseOrder);
    this.#trades.set(purchaseOrder, { ...trade, sent: [...trade.sent, sent] });
  }

  #nextNumbers(): { interchange: number; group: number } {
    const seconds = Math.floor((Date.now() - epoch) / 1000);
    const next = this.#numbers.set('last', Math.max(seconds, (this.#numbers.get('last') ?? 0) + 1));
    return { interchange: next, group: next };
  }

  async #readMail(): Promise<void> {
    for (const id of await this.#mailbox.waiting()) {
      // Fetched before and not confirmed: the confirmation was lost, nothing is answered twice.
      if (!this.#fetched.get(id)) await this.#readOne(await this.#mailbox.fetch(id));
      this.#fetched.set(id, new Date().toISOString());
      await this.#mailbox.received(id);
    }
  }

  async #readOne(bytes: Buffer): Promise<void> {
    const interchange = await readInterchange(bytes);
    this.problems.push(...interchange.problems.map((one) => `ISA13 ${interchange.controlNumber}: ${one}`));
    this.#checkEnvelope(interchange);
    this.#checkAscending(interchange.controlNumber);
    for (const group of interchange.groups) {
      for (const set of group.sets) await this.#readSet(set);
      // A 997 is never answered with a 997.
      if (group.functionalId !== 'FA') await this.#acknowledge(group);
    }
  }

  /** Who it is from and to, and that it speaks the version in which this company writes: acknowledgements too. */
  #checkEnvelope({ controlNumber, sender, receiver, usage, groups }: ReadInterchange): void {
    const { isaQualifier, isaId, seller, version, usage: ownUsage } = this.identity;
    const expected = [
      ['from', sender, `${seller.isaQualifier}:${seller.isaId}`],
      ['for', receiver, `${isaQualifier}:${isaId}`],
      ['with usage', usage, ownUsage],
      ...groups.map((group) => [`with group ${group.functionalId} in`, group.version, version]),
    ];
    for (const [what, got, wanted] of expected)
      if (got !== wanted) this.problems.push(`ISA13 ${controlNumber} is ${what} ${got}, not ${wanted}`);
  }

  #checkAscending(controlNumber: string): void {
    const before = this.#numbers.get('theirs') ?? 0;
    if (Number(controlNumber) <= before) this.problems.push(`ISA13 ${controlNumber} came after ${before}`);
    this.#numbers.set('theirs', Math.max(before, Number(controlNumber)));
  }

  async #readSet(set: ReadSet): Promise<void> {
    if (set.set === '997') return this.#matchAcknowledgment(set);
    const document = understand(set);
    if (!document) return void this.problems.push(`a ${set.set} came that nobody asked for`);
    const trade = this.#trades.get(document.purchaseOrder);
    if (!trade) return void this.problems.push(`a ${set.set} for an unknown order ${document.purchaseOrder}`);
    const next = this.#trades.set(document.purchaseOrder, {
      ...trade,
      documents: [...trade.documents, document],
    });
    if (document.set === '810' && document.problems.length === 0) await this.#pay(next, document);
  }

  /** The oldest transmission of that group that still waits for its 997. */
  #matchAcknowledgment(set: ReadSet): void {
    const { groupNumber, group, sets } = readAcknowledgment(set);
    const trade = this.#trades
      .values()
      .find((one) => one.sent.some((sent) => sent.groupNumber === groupNumber));
    const at =
      trade?.sent.findIndex((sent) => sent.groupNumber === groupNumber && sent.acknowledgment === null) ?? -1;
    if (!trade || at < 0)
      return void this.problems.push(`a 997 for group ${groupNumber} that was not sent, or answered before`);
    const acknowledgment = { code: sets[0]?.code ?? group, findings: sets[0]?.findings ?? [] };
    const sent = trade.sent.map((one, index) => (index === at ? { ...one, acknowledgment } : one));
    this.#trades.set(trade.purchaseOrder, { ...trade, sent });
  }

  async #acknowledge(group: ReadGroup): Promise<void> {
    const count = String(group.sets.length);
    // AK103 is the version of what is acknowledged, from 5010 on.
    const version = group.version >= '005010' ? [group.version] : [];
    const segments: Segment[] = [
      ['AK1', group.functionalId, group.controlNumber, ...version],
      ...group.sets.flatMap((set) => [
        ['AK2', set.set, set.controlNumber],
        ['AK5', 'A'],
      ]),
      ['AK9', 'A', count, count, count],
    ];
    const answer = writeInterchange(
      this.identity,
      { functionalId: 'FA', sets: [{ set: '997', segments }] },
      this.#nextNumbers(),
      new Date(),
    );
    await this.#mailbox.send(answer.text);
  }

  /** Pays at once and takes the discount that the terms give for it. */
  async #pay(trade: Trade, invoice: Document & Invoice): Promise<void> {
    const discountCents = invoice.discount ? percentOf(invoice.totalCents, invoice.discount.percent) : 0;
    const amountCents = invoice.totalCents - discountCents;
    this.#trades.set(trade.purchaseOrder, {
      ...trade,
      payments: [...trade.payments, { invoice: invoice.invoice, amountCents, discountCents }],
    });
    const body = {
      reference: `${this.identity.id}-${invoice.invoice}`,
      invoiceNumber: invoice.invoice,
      amountMinor: amountCents,
      discountMinor: discountCents,
    };
    await fetch(`${this.#erpUrl}/bank/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5000),
    }).catch(() => this.problems.push(`the payment of ${invoice.invoice} did not reach the bank`));
  }
}
