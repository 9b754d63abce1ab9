import { freshPostgres } from '@tollgate/services';
import { describe, inject } from 'vitest';
import { clientCacheSuite } from '../src/client-cache-suite.js';
import { clientHost } from '../src/client-host.js';

describe.each(['embedded', 'remote'] as const)('the cache of a client, %s, on PGlite', (transport) => {
  clientCacheSuite(() => clientHost(transport));
});

describe.each(['embedded', 'remote'] as const)('the cache of a client, %s, on Postgres', (transport) => {
  clientCacheSuite(async () => {
    const database = await freshPostgres(inject('postgresUrl'));
    const host = await clientHost(transport, database.url);
    return { ...host, close: () => host.close().finally(database.drop) };
  });
});
