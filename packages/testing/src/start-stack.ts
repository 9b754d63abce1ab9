import { TollgateError } from '@tollgate/contract';
import type { EnvironmentOptions, HttpStack, StackOptions, TestStack } from './stack.js';
import { toInstant } from './stack-clock.js';

/** Starts a stack. Rejects with CATALOG_INVALID naming the field when the catalog is not one. */
export async function startStack(options: StackOptions & { transport: 'http' }): Promise<HttpStack>;
export async function startStack(options: StackOptions): Promise<TestStack>;
export async function startStack(options: StackOptions): Promise<TestStack | HttpStack> {
  const {
    catalog,
    now,
    storage = 'pglite',
    transport = 'embedded',
    sweeper = true,
    billing = 'manual',
    template = process.env.TOLLGATE_TEST_TEMPLATE,
  } = options;
  checkTransport(transport);
  if (storage !== 'pglite' && !/^postgres(ql)?:\/\//.test(storage)) {
    throw refused('storage', 'must be "pglite" or a Postgres URL');
  }
  const start = startOf(now);
  // Loaded only here: a test file whose engine runs elsewhere needs none of it.
  const { openStack } = await import('./open-stack.js');
  return openStack({ catalog, storage, transport, sweeper, billing, template, now: start });
}

/** Where a clock that an option describes stands; undefined for the present. */
export const startOf = (now: EnvironmentOptions['now']): number | undefined =>
  now === undefined ? undefined : toInstant(now, 'now');

/** Throws CONFIGURATION for another value. */
export function checkTransport(transport: StackOptions['transport']): void {
  if (transport !== undefined && transport !== 'embedded' && transport !== 'http') {
    throw refused('transport', 'must be "embedded" or "http"');
  }
}

const refused = (field: string, rule: string): TollgateError =>
  new TollgateError('CONFIGURATION', `${field} ${rule}`, { field });
