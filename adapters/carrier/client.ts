import type { CarrierLabel, CarrierPort, LabelRequest } from '../../domain/fulfilment/carrier-port';
import { AdapterFault } from '../fault';
import { callJson, type Endpoint, lookUpJson } from '../json-call';
import { chooseRate, type Quote } from './choose-rate';
import { type Label, label, type RateRequest, rateReply, voidReply } from './contract';

export interface CarrierEndpoint extends Endpoint {
  /** Standard carrier alpha code; labels are voided at the carrier that has it. */
  readonly scac: string;
}

/** All carriers behind one port: every one is asked for rates, the best one sells the label. */
export function createCarrierClient(carriers: readonly CarrierEndpoint[]): CarrierPort {
  if (carriers.length === 0) throw new RangeError('at least one carrier is needed');
  return {
    buyLabel: (request) => buyLabel(carriers, request),
    voidLabel: (request) => voidLabel(carriers, request),
  };
}

async function buyLabel(carriers: readonly CarrierEndpoint[], request: LabelRequest): Promise<CarrierLabel> {
  const bought = await findLabel(carriers, request.shipmentNumber);
  if (bought) return answerOf(bought, [], 'a label for this shipment had already been bought');
  const wire = rateRequestOf(request);
  const { quotes, silent } = await askRates(carriers, wire);
  const choice = chooseRate(quotes, request.deliverBy, silent);
  const chosen = choice.quote;
  const sold = await callJson({
    system: 'carrier',
    endpoint: chosen.endpoint,
    method: 'POST',
    path: '/labels',
    body: { ...wire, service: chosen.service },
    idempotencyKey: request.idempotencyKey,
    reply: label,
  });
  return answerOf(sold, quotes, choice.reason);
}

function rateRequestOf(request: LabelRequest): RateRequest {
  return {
    shipmentNumber: request.shipmentNumber,
    from: request.from,
    to: request.to,
    packages: [...request.packages],
  };
}

/** Only carriers without idempotency keys are asked: the others recognise the key by themselves. */
async function findLabel(
  carriers: readonly CarrierEndpoint[],
  shipmentNumber: string,
): Promise<Label | undefined> {
  const path = `/labels?shipmentNumber=${encodeURIComponent(shipmentNumber)}`;
  const found = await Promise.all(
    carriers
      .filter((carrier) => carrier.idempotency === 'lookup')
      .map((endpoint) => lookUpJson({ system: 'carrier', endpoint, method: 'GET', path, reply: label })),
  );
  return found.find((one) => one !== undefined);
}

/** A carrier that does not answer is left out as long as another one does; when none does, the fault is theirs. */
async function askRates(
  carriers: readonly CarrierEndpoint[],
  body: RateRequest,
): Promise<{ quotes: readonly Quote<CarrierEndpoint>[]; silent: readonly string[] }> {
  const answers = await Promise.allSettled(
    carriers.map((endpoint) =>
      callJson({ system: 'carrier', endpoint, method: 'POST', path: '/rates', body, reply: rateReply }),
    ),
  );
  const quotes: Quote<CarrierEndpoint>[] = [];
  const silent: string[] = [];
  let fault: unknown;
  answers.forEach((answer, at) => {
    const endpoint = carriers[at] as CarrierEndpoint;
    if (answer.status === 'rejected') {
      silent.push(endpoint.scac);
      // A fault that may pass outweighs one that stays: with it the whole call is worth another try.
      if (fault === undefined || isRetryable(answer.reason)) fault = answer.reason;
      return;
    }
    const { carrier, scac, rates } = answer.value;
    for (const one of rates) quotes.push({ ...one, carrier, scac, endpoint });
  });
  if (quotes.length === 0)
    throw fault ?? new AdapterFault('carrier', 'refused', 'no carrier offers a service for this shipment');
  return { quotes, silent };
}

function isRetryable(error: unknown): boolean {
  return error instanceof AdapterFault && error.retryable;
}

function answerOf(sold: Label, quotes: readonly Quote<CarrierEndpoint>[], reason: string): CarrierLabel {
  const { shipmentNumber: _, ...rest } = sold;
  const considered = quotes.map(({ carrier, scac, service, amountMinor, currency, transitDays }) => {
    return { carrier, scac, service, amountMinor, currency, transitDays };
  });
  return { ...rest, considered, reason };
}

async function voidLabel(
  carriers: readonly CarrierEndpoint[],
  request: {
    readonly idempotencyKey: string;
    readonly scac: string;
    readonly trackingNumbers: readonly string[];
  },
): Promise<void> {
  const endpoint = carriers.find((carrier) => carrier.scac === request.scac);
  if (!endpoint)
    throw new AdapterFault('carrier', 'refused', `no carrier with the code ${request.scac} is configured`);
  const body = { trackingNumbers: request.trackingNumbers };
  await callJson({
    system: 'carrier',
    endpoint,
    method: 'POST',
    path: '/voids',
    body,
    idempotencyKey: request.idempotencyKey,
    reply: voidReply,
  });
}
