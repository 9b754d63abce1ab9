import { freshPostgres } from '@tollgate/services';
import { describe, inject } from 'vitest';
import { clientHost } from '../src/client-host.js';
import { clientOutageSuite } from '../src/client-outage-suite.js';
import { clientOutboxSuite } from '../src/client-outbox-suite.js';

describe.each([
  ['a client', clientOutageSuite],
  ['the outbox of a client', clientOutboxSuite],
] as const)('%s whose server goes away', (_who, suite) => {
  describe('on PGlite', () => {
    suite(() => clientHost('remote'));
  });

  describe('on Postgres', () => {
    suite(async () => {
      const database = await freshPostgres(inject('postgresUrl'));
      const host = await clientHost('remote', database.url);
      return { ...host, close: () => host.close().finally(database.drop) };
    });
  });
});
