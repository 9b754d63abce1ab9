import type { EnvironmentOptions, Served, StackOptions } from './stack.js';
import { checkTransport, startStack } from './start-stack.js';
import type { TestEnvironment } from './test-environment.js';

export interface TestEnvironmentOptions extends EnvironmentOptions {
  /** `'http'`: also served over HTTP, so that there are `url` and `apiKey`. Default `'embedded'`: by the shortest way. */
  transport?: StackOptions['transport'];
}

/** Says where the engine of this test run is; set by whatever started it. */
export const runEngineVariable = 'TOLLGATE_TEST_ENGINE';

/**
 * A fresh environment with its own clock: in the engine that runs for the whole test run, or else in this process. Rejects
 * with CATALOG_INVALID naming the field when the catalog is not one.
 */
export async function testEnvironment(
  options: TestEnvironmentOptions & { transport: 'http' },
): Promise<TestEnvironment & Served>;
export async function testEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment>;
export async function testEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment> {
  const { catalog, now, sweeper, transport } = options;
  checkTransport(transport);
  const address = process.env[runEngineVariable];
  if (!address) return startStack({ catalog, now, sweeper, transport } as StackOptions);
  const { joinRun } = await import('./join-run.js');
  return joinRun(address, { catalog, now, sweeper } as EnvironmentOptions);
}
