import type { SafeLogger } from './safe-logger.js';

/** Deprecated methods that this process has been told of; one line for each is enough, however many clients there are. */
const told = new Set<string>();

/** Says once per process what to call in place of a deprecated method. */
export function deprecated(logger: SafeLogger, method: string, instead: string): void {
  if (told.has(method)) return;
  told.add(method);
  logger.log(`${method} is deprecated: use ${instead}`);
}
