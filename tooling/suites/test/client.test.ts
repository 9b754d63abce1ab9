import { freshPostgres } from '@tollgate/services';
import { describe, inject } from 'vitest';
import { clientHost } from '../src/client-host.js';
import { clientReadsSuite } from '../src/client-reads-suite.js';
import { clientWritesSuite } from '../src/client-writes-suite.js';

describe.each([
  ['asks', clientReadsSuite],
  ['writes', clientWritesSuite],
] as const)('a client %s', (_does, suite) => {
  describe.each(['embedded', 'remote'] as const)('%s, on PGlite', (transport) => {
    suite(() => clientHost(transport));
  });

  describe.each(['embedded', 'remote'] as const)('%s, on Postgres', (transport) => {
    suite(async () => {
      const database = await freshPostgres(inject('postgresUrl'));
      const host = await clientHost(transport, database.url);
      return { ...host, close: () => host.close().finally(database.drop) };
    });
  });
});
