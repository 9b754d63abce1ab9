import { type Operation, TollgateError, type Transport } from '@tollgate/contract';
import type { EngineClock } from './engine-clock.js';
import type { Events } from './events.js';
import type { Hooks } from './hooks.js';
import type { SafeLogger } from './safe-logger.js';
import { asTollgateError } from './thrown.js';

/** Every call to the engine goes through here: it reads the clock off each reply and tells of failures. */
export interface EngineLink {
  /** Rejects with a `TollgateError`; CLOSED after `close`. */
  execute<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    timeoutMs: number,
  ): Promise<Result>;
  /** True from a call that could not reach the engine until the engine is heard of again. */
  isUnreachable(): boolean;
  /** Says that the engine was heard of some other way. */
  heard(): void;
  /** Tells listeners and the log of a failure on the way to the engine. */
  failed(error: TollgateError): void;
  close(): void;
}

export function engineLink(
  transport: Transport,
  { clock, events, logger, hooks }: { clock: EngineClock; events: Events; logger: SafeLogger; hooks: Hooks },
): EngineLink {
  let isUnreachable = false;
  let isClosed = false;
  let isKeyReported = false;

  const failed = (error: TollgateError): void => {
    if (error.code === 'UNAUTHENTICATED' && !isKeyReported) {
      isKeyReported = true;
      logger.error('the engine refuses the API key', error);
      events.emit('apiKeyInvalid');
    }
    if (error.code !== 'UNAVAILABLE' && error.code !== 'TIMEOUT') return;
    isUnreachable = true;
    logger.debug('the engine cannot be reached', error);
    hooks.onError?.({ message: error.message, code: error.code, error });
    events.emit('networkRequestFailed', { errorMessage: error.message, errorCode: error.code });
  };

  return {
    execute: async (operation, variables, timeoutMs) => {
      if (isClosed) throw new TollgateError('CLOSED', 'the client was closed');
      try {
        const { data, clock: reading } = await transport.execute(operation, variables, { timeoutMs });
        isUnreachable = false;
        clock.observe(reading);
        return data;
      } catch (thrown) {
        const error = asTollgateError(thrown);
        if (!isClosed) failed(error);
        throw error;
      }
    },
    isUnreachable: () => isUnreachable,
    heard: () => {
      isUnreachable = false;
    },
    failed,
    close: () => {
      isClosed = true;
    },
  };
}
