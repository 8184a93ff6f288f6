import type { Endpoint } from '../endpoint';
import { cancelOrder } from './cancel-order';
import { creditEndpoints } from './credit';
import { documentActionEndpoints } from './document-actions';
import { documentEndpoints } from './documents';
import { exceptionEndpoints } from './exceptions';
import { fulfilmentEndpoints } from './fulfilment';
import { holdEndpoints } from './holds';
import { orderEndpoints } from './orders';
import { partnerEndpoints } from './partners';
import { reportEndpoints } from './reports';

/** Every route below /api/v1: what is mounted, and what the OpenAPI document tells. */
export const endpoints: readonly Endpoint[] = [
  ...orderEndpoints,
  cancelOrder,
  ...holdEndpoints,
  ...creditEndpoints,
  ...fulfilmentEndpoints,
  ...documentEndpoints,
  ...documentActionEndpoints,
  ...partnerEndpoints,
  ...exceptionEndpoints,
  ...reportEndpoints,
];
