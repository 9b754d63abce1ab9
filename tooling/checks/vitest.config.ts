import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The checks alone, without the services that other tests need. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: { include: ['tooling/checks/test/**/*.test.ts'] },
});
