import type { NextFunction, Request, Response } from 'express';
import { ArrivalTooLarge } from '../../intake/archive';
import { SenderNotAllowed } from '../../intake/receive-arrival';

/** RFC 9457, in the words of whoever runs the partner's side. */
export class EdiProblem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  constructor(status: number, slug: string, title: string, detail: string) {
    super(detail);
    this.name = 'EdiProblem';
    this.status = status;
    this.slug = slug;
    this.title = title;
  }
}

function known(error: unknown): EdiProblem | null {
  if (error instanceof EdiProblem) return error;
  if (error instanceof ArrivalTooLarge) {
    const megabytes = Math.floor(error.limitBytes / 1024 / 1024);
    return new EdiProblem(
      413,
      'too-large',
      'Too large',
      `More than ${megabytes} MB came; nothing of it was kept.`,
    );
  }
  if (error instanceof SenderNotAllowed) {
    return new EdiProblem(
      403,
      'sender-not-allowed',
      'Not allowed',
      `This key may not send interchanges of ${error.sender}; nothing was kept.`,
    );
  }
  return null;
}

/** Express tells an error handler by its four parameters. */
export function answerProblem(
  error: unknown,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  const problem = known(error);
  // A fault of ours is logged and answered where every other one is.
  if (!problem || response.headersSent) {
    next(error);
    return;
  }
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="order-hub"');
  // What was not read of the body is not waited for.
  if (!request.complete) response.setHeader('Connection', 'close');
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `/problems/${problem.slug}`,
        title: problem.title,
        status: problem.status,
        detail: problem.message,
        instance: request.originalUrl,
      }),
    );
}
