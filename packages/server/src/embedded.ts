/*
 * The entry for programs that run the engine in their own process. Neither this file nor what it imports loads the HTTP
 * server; `stack.listen()` does, when it is called.
 */
import { type Subscription, TollgateError, type Transport } from '@tollgate/contract';
import { asTollgateError } from './embedded-transport.js';
import { createStack, type Stack, type StackOptions } from './stack.js';

export { readCatalog } from './catalog-file.js';
export { type Clock, systemClock, type TestClock, testClock } from './clock.js';
export { embeddedTransport } from './embedded-transport.js';
export { createStack, type Stack, type StackOptions } from './stack.js';

export type EmbeddedOptions = Pick<
  StackOptions,
  'database' | 'catalog' | 'environment' | 'migrate' | 'schema' | 'billing' | 'clock'
>;

/**
 * A transport to an engine in this process. Nothing is opened before the first call; every call waits for the start. A
 * start that failed rejects every call with its cause; where trying again may help, the next call starts anew.
 */
export function embedded(options: EmbeddedOptions): Transport {
  const resolved = { ...options };
  let starting: Promise<Stack> | undefined;
  let closing: Promise<void> | undefined;

  const start = async (): Promise<Stack> => {
    try {
      return await createStack(resolved);
    } catch (cause) {
      const error = asTollgateError(cause, 'the embedded engine did not start');
      if (error.isRetryable && error.code !== 'INTERNAL') starting = undefined;
      throw error;
    }
  };
  const started = (): Promise<Stack> => {
    if (closing) return Promise.reject(new TollgateError('CLOSED', 'the embedded transport was closed'));
    starting ??= start();
    return starting;
  };

  return {
    execute: async (operation, variables, callOptions) =>
      (await started()).transport.execute(operation, variables, callOptions),
    subscribe(cursor, listener): Subscription {
      let following: Subscription | undefined;
      let isClosed = false;
      started().then(
        (stack) => {
          if (!isClosed) following = stack.transport.subscribe(cursor, listener);
        },
        (error: TollgateError) => {
          if (!isClosed) listener.onEnd(error);
        },
      );
      return {
        close() {
          isClosed = true;
          following?.close();
        },
      };
    },
    close() {
      closing ??= (async () => {
        // A start that failed has closed what it opened.
        const stack = await starting?.catch(() => undefined);
        await stack?.close();
      })();
      return closing;
    },
  };
}
