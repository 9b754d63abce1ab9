import { type ClockReading, isTollgateError, TollgateError, type Transport } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import type { ExecutionResult } from 'graphql';
import { followWithClock } from './changes.js';
import { type Clock, readingOf } from './clock.js';
import { createOperations, InvalidOperation } from './operations.js';
import { type ErrorLog, replyErrors, toTollgateError } from './reply-error.js';
import type { RequestContext } from './resolvers.js';
import { executableSchema } from './schema.js';

/** The caller gets errors with their cause, so there is nothing to write down for anybody else. */
const noLog: ErrorLog = { error: () => undefined };

/**
 * A transport straight into the executor: the operations, checks and errors of the HTTP server, without a network and
 * without a body. `url` is where a server of the same engine can be reached, if there is one. It owns nothing.
 */
export function embeddedTransport(
  environment: EnvironmentEngine,
  clock: Clock,
  url: () => string | undefined = () => undefined,
): Transport {
  const operations = createOperations(executableSchema());
  const unanswered: RequestContext['unanswered'] = new Map();
  const contextNow = (): RequestContext => ({ environment, clock, keyKind: 'server', unanswered, url: url() });

  async function run(text: string, variables: unknown): Promise<ExecutionResult> {
    try {
      return await operations.compile(text).execute(contextNow(), overTheWire(variables));
    } catch (error) {
      const errors = error instanceof InvalidOperation ? error.errors : [error];
      throw replyErrors(error, noLog).map((reply, index) => toTollgateError(reply, errors[index]))[0];
    }
  }

  return {
    async execute<Result>(operation: { toString(): string }, variables: unknown, options: { timeoutMs?: number } = {}) {
      const { data, errors } = await withTimeout(run(operation.toString(), variables), options.timeoutMs);
      const [first] = errors ?? [];
      if (first) throw replyErrors(first, noLog).map((reply) => toTollgateError(reply, first))[0];
      const reading: ClockReading = readingOf(clock);
      return { data: data as Result, clock: reading };
    },
    subscribe: (cursor, listener) =>
      followWithClock(environment, clock, cursor, {
        onChange: (batch) => listener.onChange(batch),
        onEnd: (error) => listener.onEnd(error ? asTollgateError(error, 'the change feed ended') : null),
      }),
  };
}

/** An error of any kind as one of ours, with the original as its cause. */
export function asTollgateError(error: unknown, what: string): TollgateError {
  if (isTollgateError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TollgateError('INTERNAL', `${what}: ${reason}`, { cause: error });
}

/** What would arrive if it travelled: so both transports accept the same, and nothing is shared with the caller. */
function overTheWire(variables: unknown): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(variables ?? {})) as Record<string, unknown>;
  } catch (cause) {
    throw new TollgateError('INVALID_ARGUMENT', 'variables must be JSON', { field: 'variables', cause });
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number | undefined): Promise<T> {
  if (timeoutMs === undefined || !Number.isFinite(timeoutMs)) return work;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new TollgateError('TIMEOUT', `the engine did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
