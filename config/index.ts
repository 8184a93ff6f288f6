export { type Config, ConfigurationError, type Counterparty, loadConfig } from './environment';
export { channelSecrets } from './secrets';
