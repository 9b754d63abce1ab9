import type { Logger } from '@tollgate/contract';

/** How much is logged: everything, `log` and errors, errors only, nothing. */
export type LogLevel = 'ALL' | 'LOG' | 'ERROR' | 'NONE';

/** The user's logger behind a level, unable to break what it watches. */
export type SafeLogger = Logger;

const ranks = { debug: 3, log: 2, error: 1 } as const;
const levels: Record<LogLevel, number> = { ALL: 3, LOG: 2, ERROR: 1, NONE: 0 };

/** Wraps a logger: calls below the level go nowhere, and a logger that throws is ignored. */
export function safeLogger(logger: Logger, level: LogLevel): SafeLogger {
  const guard =
    (method: keyof typeof ranks) =>
    (message: string, ...details: unknown[]): void => {
      if (ranks[method] > levels[level]) return;
      try {
        logger[method](message, ...details);
      } catch {
        // A logger that throws inside an error handler must not take the request or the process with it.
      }
    };
  return { log: guard('log'), debug: guard('debug'), error: guard('error') };
}
