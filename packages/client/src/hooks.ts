import { isTollgateError, TollgateError } from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import { soon } from './gate/at-once.js';
import type { CacheEvent, DecisionEvent, ErrorEvent, TollgateHooks, UsageEvent } from './hook-events.js';
import type { SafeLogger } from './safe-logger.js';

/** The hooks as they are called: safe, and undefined where nobody watches, so that `hooks.onX?.(…)` builds nothing. */
export interface Hooks {
  readonly onDecision: Called<DecisionEvent>;
  readonly onUsage: Called<UsageEvent>;
  readonly onCache: Called<CacheEvent>;
  readonly onError: Called<ErrorEvent>;
}

type Called<Event> = ((event: Event) => void) | undefined;

export const noHooks: Hooks = Object.freeze({
  onDecision: undefined,
  onUsage: undefined,
  onCache: undefined,
  onError: undefined,
});

const names = Object.keys(noHooks) as (keyof TollgateHooks)[];
/** How often one hook that fails is named in the log. */
const logEveryMs = 60_000;

/** Reads the option: one set of hooks or several. Throws CONFIGURATION, naming what breaks a rule. */
export function resolveHooks(
  given: TollgateHooks | readonly TollgateHooks[] | undefined,
  { logger, monotonic }: { logger: SafeLogger; monotonic: MonotonicClock },
): Hooks {
  if (given === undefined) return noHooks;
  const sets: readonly TollgateHooks[] = Array.isArray(given) ? given : [given];
  for (const hooks of sets) checkHooks(hooks);
  const callOf = <Event extends object>(name: keyof TollgateHooks): Called<Event> => {
    const calls = sets.flatMap((hooks) => (hooks[name] ? [safeCall(name, hooks, logger, monotonic)] : []));
    if (calls.length === 0) return undefined;
    return (event) => {
      Object.freeze(event);
      for (const call of calls) call(event);
    };
  };
  return Object.freeze({
    onDecision: callOf('onDecision'),
    onUsage: callOf('onUsage'),
    onCache: callOf('onCache'),
    onError: callOf('onError'),
  });
}

function checkHooks(hooks: TollgateHooks): void {
  if (typeof hooks !== 'object' || hooks === null)
    throw refused('hooks', 'must be an object of hooks, or a list of them');
  const unknown = Object.keys(hooks).find((name) => !(names as string[]).includes(name));
  if (unknown !== undefined) throw refused(`hooks.${unknown}`, `is not a hook; there are ${names.join(', ')}`);
  for (const name of names) {
    if (hooks[name] !== undefined && typeof hooks[name] !== 'function') {
      throw refused(`hooks.${name}`, 'must be a function');
    }
  }
}

function safeCall(name: keyof TollgateHooks, hooks: TollgateHooks, logger: SafeLogger, monotonic: MonotonicClock) {
  const hook = (hooks[name] as (event: object) => unknown).bind(hooks);
  let isCalling = false;
  let failures = 0;
  let loggedAtMs = Number.NEGATIVE_INFINITY;

  const failed = (error: unknown): void => {
    failures += 1;
    if (monotonic() - loggedAtMs < logEveryMs) return;
    loggedAtMs = monotonic();
    logger.error(`hooks.${name} failed, ${failures} times so far`, error);
  };

  return (event: object): void => {
    // A hook that asks the client for something is not told of that in turn, or it would never end.
    if (isCalling) return;
    isCalling = true;
    try {
      const result = soon(hook(event));
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    } finally {
      isCalling = false;
    }
  };
}

/** The logger, whose errors are told to `onError` as well, whatever the level. */
export function loggerTelling(logger: SafeLogger, { onError }: Hooks): SafeLogger {
  if (!onError) return logger;
  return {
    ...logger,
    error: (message, ...details) => {
      logger.error(message, ...details);
      const error = details.find((detail) => detail instanceof Error) ?? details[0];
      onError({ message, code: isTollgateError(error) ? error.code : null, error });
    },
  };
}

function refused(field: string, rule: string): TollgateError {
  return new TollgateError('CONFIGURATION', `${field} ${rule}`, { field });
}
