import { createServer, type Server, type Socket } from 'node:net';

export interface TakenMail {
  readonly to: readonly string[];
  readonly text: string;
}

/** As much of a mail server (RFC 5321) as takes mail; addresses that begin with "unknown" are refused for good. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  /** Every recipient is told to come back later. */
  isBusy = false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(): Promise<MailServer> {
    const mail = new MailServer();
    await new Promise<void>((done) => mail.#server.listen(0, '127.0.0.1', done));
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  close = () => new Promise<void>((done) => this.#server.close(() => done()));

  #serve(socket: Socket): void {
    let buffer = '';
    let to: string[] = [];
    let isData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const command = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'QUIT') return void socket.end('221 bye\r\n');
      if (verb === 'RCPT') {
        const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
        if (this.isBusy) return say('451 come back later');
        if (address.startsWith('unknown')) return say('550 no such mailbox');
        to.push(address);
      }
      if (verb === 'MAIL') to = [];
      isData = verb === 'DATA';
      say(isData ? '354 go on' : '250 ok');
    };
    say('220 mail');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const piece = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (!isData) command(piece);
        else {
          isData = false;
          // Quoted-printable (RFC 2045 section 6.7): soft line breaks are no part of the text.
          this.mails.push({ to, text: piece.replaceAll('=\r\n', '') });
          say('250 taken');
        }
      }
    });
  }
}
