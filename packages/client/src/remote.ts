import { randomUUID } from 'node:crypto';
import type { Transport } from '@tollgate/contract';
import { resolveOptions, type TollgateOptions } from './options.js';
import { remoteTransport } from './remote-transport.js';

/** Where the engine is, and how long to wait for it: as in the options of a client. */
export type RemoteOptions = Pick<
  TollgateOptions,
  'apiKey' | 'baseUri' | 'wsUrl' | 'timeout' | 'clientName' | 'clientVersion'
>;

/**
 * The transport that a client with these options makes for itself, for whoever puts something around it and hands it
 * over as `transport`. Throws CONFIGURATION, naming the option that breaks a rule.
 */
export function remote(options: RemoteOptions): Transport {
  return remoteTransport({ ...resolveOptions(options), instanceId: randomUUID() });
}
