import type { CarrierLabel, CarrierPort, LabelRequest } from '../../domain/fulfilment/carrier-port';
import { chooseCarrier, type Quote } from '../../domain/fulfilment/choose-carrier';
import { AdapterFault } from '../fault';
import { callJson, type Endpoint, lookUpJson } from '../json-call';
import { carrierList, type Label, label, type RateRequest, rateReply, voidReply } from './contract';

/**
 * All carriers behind one port: every one is asked for rates, the best one sells the label.
 * @param carriers their standard carrier alpha codes; left out, the other side is asked once which it has
 */
export function createCarrierClient(endpoint: Endpoint, carriers?: readonly string[]): CarrierPort {
  const known = rememberCarriers(endpoint, carriers);
  return {
    buyLabel: async (request) => buyLabel(endpoint, await known(), request),
    voidLabel: (request) => voidLabel(endpoint, request),
  };
}

function rememberCarriers(endpoint: Endpoint, given?: readonly string[]): () => Promise<readonly string[]> {
  let asked = given && Promise.resolve(given);
  return () => {
    asked ??= callJson({
      system: 'carrier',
      endpoint,
      method: 'GET',
      path: '/carriers',
      reply: carrierList,
    }).then(
      (list) => list.carriers.map((carrier) => carrier.scac),
      (error: unknown) => {
        // Only an answer is remembered: the next call asks again.
        asked = undefined;
        throw error;
      },
    );
    return asked;
  };
}

async function buyLabel(
  endpoint: Endpoint,
  carriers: readonly string[],
  request: LabelRequest,
): Promise<CarrierLabel> {
  const bought = await findLabel(endpoint, carriers, request.shipmentNumber);
  if (bought) return answerOf(bought, [], 'a label for this shipment had already been bought');
  const wire = rateRequestOf(request);
  const { quotes, silent } = await askRates(endpoint, carriers, wire);
  const choice = chooseCarrier(quotes, request.deliverBy, request.routing, silent);
  // Carriers that were silent may answer the next time; otherwise somebody has to change the guide or the shipment.
  if (choice.kind === 'none')
    throw new AdapterFault('carrier', silent.length > 0 ? 'busy' : 'refused', choice.reason);
  const { quote, reason } = choice;
  const sold = await callJson({
    system: 'carrier',
    endpoint,
    method: 'POST',
    path: `${pathOf(quote.scac)}/labels`,
    body: { ...wire, service: quote.service },
    idempotencyKey: request.idempotencyKey,
    reply: label,
  });
  return answerOf(sold, quotes, reason);
}

function rateRequestOf(request: LabelRequest): RateRequest {
  const { shipmentNumber, from, to } = request;
  return { shipmentNumber, from, to, packages: [...request.packages] };
}

/** Asked only where carriers have no idempotency keys: the others recognise the key by themselves. */
async function findLabel(
  endpoint: Endpoint,
  carriers: readonly string[],
  shipmentNumber: string,
): Promise<Label | undefined> {
  if (endpoint.idempotency === 'key') return undefined;
  const query = `shipmentNumber=${encodeURIComponent(shipmentNumber)}`;
  const found = await Promise.all(
    carriers.map((scac) => {
      const path = `${pathOf(scac)}/labels?${query}`;
      return lookUpJson({ system: 'carrier', endpoint, method: 'GET', path, reply: label });
    }),
  );
  return found.find((one) => one !== undefined);
}

/** A carrier that does not answer is left out as long as another one does; when none does, the fault is theirs. */
async function askRates(
  endpoint: Endpoint,
  carriers: readonly string[],
  body: RateRequest,
): Promise<{ quotes: readonly Quote[]; silent: readonly string[] }> {
  const answers = await Promise.allSettled(
    carriers.map((scac) => {
      const path = `${pathOf(scac)}/rates`;
      return callJson({ system: 'carrier', endpoint, method: 'POST', path, body, reply: rateReply });
    }),
  );
  const quotes: Quote[] = [];
  const silent: string[] = [];
  let fault: unknown;
  answers.forEach((answer, at) => {
    if (answer.status === 'fulfilled') {
      const { carrier, scac, rates } = answer.value;
      for (const one of rates) quotes.push({ ...one, carrier, scac });
      return;
    }
    silent.push(carriers[at] ?? '');
    // A fault that may pass outweighs one that stays: with it the whole call is worth another try.
    if (fault === undefined || isRetryable(answer.reason)) fault = answer.reason;
  });
  if (quotes.length === 0)
    throw fault ?? new AdapterFault('carrier', 'refused', 'no carrier offers a service for this shipment');
  return { quotes, silent };
}

function isRetryable(error: unknown): boolean {
  return error instanceof AdapterFault && error.retryable;
}

function answerOf(sold: Label, quotes: readonly Quote[], reason: string): CarrierLabel {
  const { scac, service, amountMinor, currency, estimatedDelivery, trackingNumbers } = sold;
  const considered = quotes.map(({ estimatedDelivery: _, ...rate }) => rate);
  return { scac, service, amountMinor, currency, estimatedDelivery, trackingNumbers, considered, reason };
}

async function voidLabel(
  endpoint: Endpoint,
  request: {
    readonly idempotencyKey: string;
    readonly scac: string;
    readonly trackingNumbers: readonly string[];
  },
): Promise<void> {
  await callJson({
    system: 'carrier',
    endpoint,
    method: 'POST',
    path: `${pathOf(request.scac)}/voids`,
    body: { trackingNumbers: request.trackingNumbers },
    idempotencyKey: request.idempotencyKey,
    reply: voidReply,
  });
}

function pathOf(scac: string): string {
  return `/${encodeURIComponent(scac)}`;
}
