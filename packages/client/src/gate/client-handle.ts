import { TollgateError } from '@tollgate/contract';
import { type GatePort, gatePortKey } from '../gate-port.js';

/** Anything that carries a gate port: every Tollgate client does. */
export interface GateClient {
  readonly [gatePortKey]: GatePort;
}

/** A client that is somebody's: `close` closes it only if it was opened here. */
export interface ClientHandle<Client> {
  client: Client;
  close(): Promise<void>;
}

/** True for a client, whichever copy of this package made it. */
export function isClient(value: unknown): value is GateClient {
  return typeof value === 'object' && value !== null && gatePortKey in value;
}

/** Takes a client as it is (borrowed), or opens one with the given options (owned, closed with the handle). */
export function clientOf<Client extends GateClient & { close(): Promise<unknown> }, Options extends object>(
  given: Client | GateClient | Options | undefined,
  open: (options: Options) => Client,
): ClientHandle<Client> {
  if (typeof given !== 'object' || given === null) {
    throw new TollgateError('CONFIGURATION', 'client must be a Tollgate client or the options of one', {
      field: 'client',
    });
  }
  // A client of the hosted product has the same methods, as far as an application uses it through an adapter.
  if (isClient(given)) return { client: given as Client, close: async () => {} };
  const client = open(given as Options);
  return {
    client,
    async close() {
      await client.close();
    },
  };
}
