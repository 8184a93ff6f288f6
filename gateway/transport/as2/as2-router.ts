import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { as2ChannelBetween } from '../../../db/repositories/as2-messages';
import { AS2_LIMIT_BYTES, type As2Dependencies } from './as2-dependencies';
import { As2Failure } from './as2-failure';
import { As2ChannelFault, openChannel, raiseChannelFault } from './channel-settings';
import type { ReceiptAnswer } from './give-receipt';
import { acceptReceipt } from './match-receipt';
import { contentTypeOf, httpEntity, type MimeEntity, parseEntity, splitMultipart } from './mime-entity';
import { isReport, unquoteAs2Id } from './receipt';
import { receiveMessage } from './receive-message';

/** What cannot be answered by a receipt: plain HTTP, in the words of whoever runs the partner's side. */
class As2Refusal extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.name = 'As2Refusal';
    this.status = status;
  }
}

/** The AS2 door (RFC 4130), to be mounted at /as2: messages, and receipts that come later. */
export function createAs2Router(deps: As2Dependencies): Router {
  const router = Router();
  router.post('/', async (request, response) => takeMessage(deps, request, response));
  router.all('/', (_request, response) => {
    response.status(405).set('Allow', 'POST').type('text/plain').send('AS2 messages are posted here.\n');
  });
  router.use(answerRefusal(deps));
  return router;
}

async function takeMessage(deps: As2Dependencies, request: Request, response: Response): Promise<void> {
  const messageId = request.get('message-id')?.trim() ?? '';
  const partner = unquoteAs2Id(request.get('as2-from'));
  const own = unquoteAs2Id(request.get('as2-to'));
  if (partner === '' || own === '') throw new As2Refusal(400, 'AS2-From and AS2-To are required.');
  if (!/^[\x21-\x7e][\x20-\x7e]{0,997}$/.test(messageId))
    throw new As2Refusal(400, 'A Message-ID of at most 998 printable characters is required.');
  const ends = { partner, own, hubAs2Id: deps.hubAs2Id };
  const found = await as2ChannelBetween(deps.db, ends);
  // Nothing is read, and nothing kept, of what nobody here knows.
  if (!found)
    throw new As2Refusal(403, `No connection is set up from AS2-From "${partner}" to AS2-To "${own}".`);
  const channel = openChannel(found.id, found.settings, deps);
  const entity = httpEntity(
    request.headers,
    await readBody(request, response, deps.limitBytes ?? AS2_LIMIT_BYTES),
  );
  if (isReceipt(entity)) {
    const { accepted, text } = await acceptReceipt(deps, channel, entity);
    response
      .status(accepted ? 200 : 400)
      .type('text/plain')
      .send(`${text}\n`);
    return;
  }
  answer(response, await receiveMessage(deps, channel, { messageId, entity }));
}

function answer(response: Response, receipt: ReceiptAnswer): void {
  if (receipt.kind !== 'receipt') {
    response.status(receipt.kind === 'later' ? 202 : 200).end();
    return;
  }
  // Not express's `type` or `send`, which would add a charset to the multipart type.
  for (const [name, value] of Object.entries(receipt.headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', receipt.body.byteLength);
  response.status(200).end(receipt.body);
}

async function readBody(request: Request, response: Response, limitBytes: number): Promise<Buffer> {
  const tooLarge = () => {
    // What was not read of the body is not waited for.
    response.setHeader('Connection', 'close');
    return new As2Refusal(413, `At most ${Math.floor(limitBytes / 1024 / 1024)} MB are taken here.`);
  };
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.byteLength;
    if (size > limitBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A report, signed or not; a message that carries one does not ask for a receipt itself (RFC 8098 section 2.1). */
function isReceipt(entity: MimeEntity): boolean {
  if (isReport(entity)) return true;
  const { value, parameters } = contentTypeOf(entity);
  if (value !== 'multipart/signed') return false;
  try {
    const [signed] = splitMultipart(entity.body, parameters.get('boundary'));
    return signed !== undefined && isReport(parseEntity(signed));
  } catch (error) {
    // Damaged: it is answered as the message that it says it is.
    if (error instanceof As2Failure) return false;
    throw error;
  }
}

function answerRefusal(deps: As2Dependencies): ErrorRequestHandler {
  return async (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const plain = (status: number, text: string) =>
      response.status(status).type('text/plain').send(`${text}\n`);
    if (error instanceof As2Refusal) return void plain(error.status, error.message);
    if (!(error instanceof As2ChannelFault)) return next(error);
    await raiseChannelFault(deps.db, error, deps.now());
    plain(503, 'This connection is not set up rightly on our side. Somebody was told; send again later.');
  };
}
