import type { SafeLogger } from '../safe-logger.js';
import type { ProblemCode } from './gate-words.js';
import type { Problem } from './problem.js';

/** Where a customer can buy what is missing: an address, or a function that makes one of the denial. */
export type UpgradeUrl<Request = unknown> = string | ((problem: Problem, request: Request) => string | undefined);

/** Denials that buying something may end. */
export const upgradeHelps: readonly (ProblemCode | undefined)[] = [
  'feature-not-entitled',
  'subscription-inactive',
  'credits-exhausted',
  'budget-exceeded',
  'quota-exceeded',
  'limit-reached',
] satisfies ProblemCode[];

/** The address for a denial; undefined where no upgrade could help. */
export function upgradeUrlOf(
  option: UpgradeUrl<never> | undefined,
  problem: Problem,
  { request, logger }: { request: unknown; logger: SafeLogger },
): string | undefined {
  if (option === undefined || !upgradeHelps.includes(problem.code)) return undefined;
  if (typeof option === 'string') return option;
  try {
    const address: unknown = option(problem, request as never);
    if (address === undefined || (typeof address === 'string' && address !== '')) return address;
    logger.error('upgradeUrl must answer an address that is not empty, or nothing');
  } catch (error) {
    // A link less is no reason to answer a denial with a 500.
    logger.error('upgradeUrl failed, the denial goes without it', error);
  }
  return undefined;
}
