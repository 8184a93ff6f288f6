export { connectionOptions, type TemporalPlace } from './connection-options';
export { EngineAway } from './engine-away';
export { type EngineAnswer, type EngineStanding, OrderEngine } from './order-engine';
