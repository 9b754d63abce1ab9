import type { Logger } from '@tollgate/contract';

/** The logger of a client that was given none. */
export const consoleLogger: Logger = {
  log: (message, ...details) => console.log(message, ...details),
  debug: (message, ...details) => console.debug(message, ...details),
  error: (message, ...details) => console.error(message, ...details),
};
