/** What the worker serves. The exported names are the workflows' types in Temporal. */
export { order } from './order';
