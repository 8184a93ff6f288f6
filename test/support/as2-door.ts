import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createAs2Router } from '../../gateway/transport/as2/as2-router';
import { cmsMime, type HttpEntity, type Identity, OpenSslPeer, toHttp } from './as2-peer';
import { createTestDatabase, type TestDatabase } from './database';
import { setUpPartner } from './trading-partner';

/** A hub's AS2 door over HTTP, and a partner who does its CMS with OpenSSL. */
export class As2Door {
  readonly peer = new OpenSslPeer();
  readonly secrets: Record<string, string>;
  readonly hub: Identity;
  readonly partner: Identity;
  now = new Date(Date.now() + 60_000).toISOString();
  database!: TestDatabase;
  base = '';
  limitBytes = 2_000_000;
  private server: Server | null = null;

  constructor() {
    this.hub = this.peer.identity('hub');
    this.partner = this.peer.identity('partner');
    this.secrets = { AS2_KEY: this.hub.key, AS2_CERTIFICATE: this.hub.certificate };
  }

  get db() {
    return this.database.db;
  }

  get dependencies() {
    return {
      db: this.db,
      now: () => this.now,
      hubAs2Id: 'HUB',
      secret: (name: string) => this.secrets[name] ?? null,
      limitBytes: this.limitBytes,
    };
  }

  async open(): Promise<void> {
    this.database = await createTestDatabase();
    this.now = new Date(Date.now() + 60_000).toISOString();
    await setUpPartner(this.db, { channelKind: 'as2' });
    const app = express();
    app.use('/as2', createAs2Router(this.dependencies));
    this.server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.server?.once('listening', resolve));
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/as2`;
    await this.configure();
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
    await this.database.drop();
  }

  settings(change: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      partnerAs2Id: 'ACME AS2',
      url: this.base,
      isaIds: ['ZZ:ACME'],
      partnerCertificates: [this.partner.certificate],
      ownKeys: [{ key: 'AS2_KEY', certificate: 'AS2_CERTIFICATE' }],
      ...change,
    };
  }

  async configure(change: Record<string, unknown> = {}): Promise<void> {
    await this.db('channel')
      .where({ id: 'ACME-as2' })
      .update({ settings: JSON.stringify(this.settings(change)) });
  }

  post(entity: HttpEntity, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.base, {
      method: 'POST',
      headers: {
        'AS2-Version': '1.2',
        'AS2-From': '"ACME AS2"',
        'AS2-To': 'HUB',
        'Message-ID': `<${randomUUID()}@acme>`,
        'Disposition-Notification-To': 'edi@acme.example',
        'Disposition-Notification-Options':
          'signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha256, sha1',
        ...entity.headers,
        ...headers,
      },
      body: new Uint8Array(entity.body),
    });
  }

  /** Signed by the partner and encrypted for the hub, as OpenSSL does it. */
  sealed(entity: Buffer, sign: readonly string[] = ['-md', 'sha256']): HttpEntity {
    const signed = this.peer.sign(entity, this.partner, sign);
    return toHttp(cmsMime('enveloped-data', this.peer.encrypt(signed, this.hub)));
  }
}
