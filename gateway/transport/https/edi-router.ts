import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { Db } from '../../../db/connection';
import { type InterchangeOutcome, outcomesOf } from '../../../db/repositories/interchange-outcomes';
import { mailboxInterchange, mailboxPage, markTransmitted } from '../../../db/repositories/outbox';
import { mayCarry, receiveArrival } from '../../intake/receive-arrival';
import { answerProblem, EdiProblem } from './edi-problem';
import { type PartnerKey, partnerKeys } from './partner-key';

export interface EdiRouterDependencies {
  readonly db: Db;
  readonly now: () => string;
  /** 50 MB where it is not given. */
  readonly limitBytes?: number;
}

export const HTTP_LIMIT_BYTES = 50 * 1024 * 1024;
const LONGEST_WAIT_SECONDS = 10;

/**
 * The HTTPS door of trading partners, to be mounted at /edi: raw X12 in, and a mailbox for those who poll. The answer
 * to a POST says that the bytes are archived, not that they are good.
 */
export function createEdiRouter(dependencies: EdiRouterDependencies): Router {
  const { db } = dependencies;
  const keyOf = partnerKeys(db);
  const as = (
    work: (key: PartnerKey, request: Request, response: Response) => Promise<void>,
  ): RequestHandler => {
    return async (request, response) => work(await keyOf(request), request, response);
  };
  const router = Router();
  router.post(
    '/',
    as((key, request, response) => takeInterchanges(dependencies, key, request, response)),
  );
  router.get(
    '/interchanges/:id',
    as((key, request, response) => showInterchange(db, key, request, response)),
  );
  router.get(
    '/documents',
    as((key, request, response) => listMailbox(db, key, request, response)),
  );
  router.get(
    '/documents/:id',
    as((key, request, response) => fetchFromMailbox(db, key, request, response)),
  );
  router.post(
    '/documents/:id/received',
    as((key, request, response) => confirmReceipt(dependencies, key, request, response)),
  );
  router.use(answerProblem);
  return router;
}

async function takeInterchanges(
  { db, now, limitBytes = HTTP_LIMIT_BYTES }: EdiRouterDependencies,
  key: PartnerKey,
  request: Request,
  response: Response,
): Promise<void> {
  // Known before a byte is read; what lies about its length is caught while it arrives.
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    throw new EdiProblem(
      413,
      'too-large',
      'Too large',
      `At most ${Math.floor(limitBytes / 1024 / 1024)} MB are taken here.`,
    );
  }
  const source = {
    kind: 'https',
    key: key.keyId,
    partnerId: key.partnerId,
    allowedIsaIds: key.isaIds,
  } as const;
  const received = await receiveArrival(db, request, source, { now: now(), limitBytes });
  const ids = received.interchanges.map((one) => one.id);
  const waitSeconds = waitAsked(request);
  const outcomes = waitSeconds > 0 ? await outcomesWithin(db, ids, waitSeconds) : [];
  if (waitSeconds > 0) response.setHeader('Preference-Applied', `wait=${waitSeconds}`);
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  response.status(202).json({
    interchanges: ids.map((id) => {
      const outcome = outcomeOf.get(id);
      return outcome
        ? viewOf(request, outcome)
        : { id, status: 'received', href: `${request.baseUrl}/interchanges/${id}` };
    }),
  });
}

/** RFC 7240 section 4.3. */
function waitAsked(request: Request): number {
  const asked = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})/i.exec(request.get('prefer') ?? '')?.[1];
  return Math.min(Number(asked ?? 0), LONGEST_WAIT_SECONDS);
}

const unfinished = new Set(['splitting', 'received']);

async function outcomesWithin(
  db: Db,
  ids: readonly string[],
  seconds: number,
): Promise<readonly InterchangeOutcome[]> {
  const until = performance.now() + seconds * 1000;
  for (let pauseMs = 15; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    const outcomes = await outcomesOf(db, ids);
    if (outcomes.every((outcome) => !unfinished.has(outcome.status)) || performance.now() + pauseMs > until)
      return outcomes;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function viewOf(request: Request, outcome: InterchangeOutcome) {
  return {
    id: outcome.id,
    status: outcome.status,
    href: `${request.baseUrl}/interchanges/${outcome.id}`,
    controlNumber: outcome.control_number,
    ...(unfinished.has(outcome.status)
      ? {}
      : {
          ta1: outcome.ta1_code === null ? null : { code: outcome.ta1_code, note: outcome.ta1_note },
          functionalAcks: outcome.answers,
          ...(outcome.problem !== null && { problem: outcome.problem }),
        }),
  };
}

const uuid = z.uuid();

function idOf(request: Request): string {
  const parsed = uuid.safeParse(request.params['id']);
  if (!parsed.success) throw notThere();
  return parsed.data;
}

const notThere = () =>
  new EdiProblem(404, 'not-found', 'Not found', 'There is no such document, or it is not yours.');

async function showInterchange(db: Db, key: PartnerKey, request: Request, response: Response): Promise<void> {
  const [outcome] = await outcomesOf(db, [idOf(request)]);
  // What is unreadable, or not taken apart yet, has no sender: whoever brought it is told.
  const isTheirs =
    outcome !== undefined &&
    (outcome.source_key === key.keyId || mayCarry(key.isaIds, outcome.sender_qualifier, outcome.sender_id));
  if (!isTheirs) throw notThere();
  response.json(viewOf(request, outcome));
}

const mailboxQuery = z.object({
  direction: z.literal('out').default('out'),
  status: z.enum(['pending', 'delivered', 'all']).default('pending'),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

async function listMailbox(db: Db, key: PartnerKey, request: Request, response: Response): Promise<void> {
  const query = mailboxQuery.safeParse(request.query);
  if (!query.success)
    throw new EdiProblem(400, 'invalid-request', 'The request is not valid', z.prettifyError(query.error));
  const { status, after, limit } = query.data;
  const items = await mailboxPage(db, key, { status: status === 'all' ? null : status, after, limit });
  const last = items.at(-1);
  response.json({
    documents: items.map((item) => ({
      id: item.id,
      status: item.status,
      href: `${request.baseUrl}/documents/${item.id}`,
      controlNumber: item.control_number,
      usage: item.usage,
      sizeBytes: item.byte_length,
      createdAt: item.created_at,
      deliveredAt: item.delivered_at,
      sets: item.documents,
    })),
    next: items.length === limit && last ? String(last.sequence) : null,
  });
}

async function fetchFromMailbox(
  db: Db,
  key: PartnerKey,
  request: Request,
  response: Response,
): Promise<void> {
  const found = await mailboxInterchange(db, key, idOf(request));
  if (!found) throw notThere();
  if (!found.offered)
    throw new EdiProblem(
      409,
      'suspended',
      'Nothing is exchanged now',
      'The exchange of documents is suspended. This one is kept and offered again when it is resumed.',
    );
  response.setHeader('ETag', `"${found.sha256.toString('hex')}"`);
  response.setHeader('Content-Disposition', `attachment; filename="${found.control_number}.edi"`);
  response.type('application/edi-x12').send(found.content);
}

/** The partner has it: delivery is done. Saying so again changes nothing. */
async function confirmReceipt(
  { db, now }: EdiRouterDependencies,
  key: PartnerKey,
  request: Request,
  response: Response,
): Promise<void> {
  const found = await mailboxInterchange(db, key, idOf(request));
  if (!found) throw notThere();
  if (found.status !== 'delivered')
    await db.transaction((tx) => markTransmitted(tx, found.id, 'delivered', now()));
  // A body that may have come with it is of no interest.
  request.resume();
  response.status(204).end();
}
