import { TollgateError, type Transport } from '@tollgate/contract';

/** The way to nowhere, for `offline: true`: it opens nothing, and every call that would need the engine rejects. */
export const offlineTransport: Transport = {
  execute: async () => {
    throw new TollgateError('OFFLINE', 'the client was initialized with offline: true');
  },
  subscribe: () => ({ close: () => {} }),
};
