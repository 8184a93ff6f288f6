import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/connection';
import { placeOf } from './needs';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A partner's SFTP server: OpenSSH on a loopback port, with keys and folders of its own. */
export class SftpPartner {
  readonly folder = mkdtempSync(join(tmpdir(), 'sftp-partner-'));
  readonly inbound = join(this.folder, 'to-hub');
  readonly outbound = join(this.folder, 'from-hub');
  readonly archive = join(this.folder, 'done');
  readonly port: number;
  readonly fingerprint: string;
  readonly clientKey: string;
  private server: ChildProcess | null = null;

  private constructor(port: number) {
    this.port = port;
    for (const folder of [this.inbound, this.outbound, this.archive]) mkdirSync(folder);
    for (const name of ['host', 'client'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, name)]);
    this.fingerprint = /SHA256:\S+/.exec(
      execFileSync('ssh-keygen', ['-l', '-f', join(this.folder, 'host.pub')], { encoding: 'utf8' }),
    )?.[0] as string;
    this.clientKey = readFileSync(join(this.folder, 'client'), 'utf8');
    // OpenSSH as root separates privileges into this folder.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(
      join(this.folder, 'sshd_config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${join(this.folder, 'host')}`,
        `AuthorizedKeysFile ${join(this.folder, 'client.pub')}`,
        `PidFile ${join(this.folder, 'pid')}`,
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'Subsystem sftp internal-sftp',
        'ForceCommand internal-sftp',
      ].join('\n'),
    );
  }

  static async open(): Promise<SftpPartner> {
    const partner = new SftpPartner(await freePort());
    await partner.start();
    return partner;
  }

  async start(): Promise<void> {
    const options = ['-D', '-e', '-f', join(this.folder, 'sshd_config')];
    // A group of its own, so that its sessions can be killed with it.
    this.server = spawn(placeOf('sshd'), options, { detached: true, stdio: 'ignore' });
    for (let waited = 0; !existsSync(join(this.folder, 'pid')) && waited < 10_000; waited += 20)
      await pause(20);
  }

  /** The server and every session of it, at once. */
  async kill(): Promise<void> {
    const { server } = this;
    if (!server?.pid) return;
    const children = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
    const ended = new Promise((resolve) => server.once('exit', resolve));
    const family = [server.pid];
    for (let at = 0; at < family.length; at += 1)
      family.push(...children.flatMap(([pid, parent]) => (parent === family[at] ? [pid] : [])));
    for (const pid of family) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended with its parent.
      }
    }
    await ended;
    this.server = null;
    rmSync(join(this.folder, 'pid'), { force: true });
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lays a file down for the hub; its time is long past. */
  lay(name: string, content: string | Buffer, at = '2026-11-22T12:00:00Z'): void {
    const path = join(this.inbound, name);
    writeFileSync(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
    utimesSync(path, new Date(at), new Date(at));
  }

  inFolder(folder: string): readonly string[] {
    return readdirSync(folder).sort();
  }

  /** A channel to this server, and the agreement that sends and receives by it. */
  async setUpChannel(db: Db, agreementId: string, change: Record<string, unknown> = {}): Promise<string> {
    const id = 'ACME-SFTP';
    const settings = {
      host: '127.0.0.1',
      port: this.port,
      user: userInfo().username,
      secret: { kind: 'private-key', name: 'SFTP_ACME_KEY' },
      hostKeyFingerprint: this.fingerprint,
      inbound: { folder: this.inbound, pollSeconds: 5, afterPickup: { archiveFolder: this.archive } },
      outbound: { folder: this.outbound },
      timeoutMs: 5000,
      ...change,
    };
    await db('channel').insert({ id, kind: 'sftp', settings: JSON.stringify(settings) });
    await db('interchange_agreement').where({ id: agreementId }).update({ channel_id: id });
    return id;
  }
}
