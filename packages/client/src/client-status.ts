/** How a client stands towards the engine, read from memory: nothing is asked. For health checks. */
export interface ClientStatus {
  /**
   * `fresh`: the engine tells of every change (without realtime updates: it answered the latest call). `stale`: it was
   * heard of and is not now, so what is cached goes on answering. `fallback`: it was never heard of, or the client is
   * offline or closed, so whoever is not in a shared cache is answered by fallbacks.
   */
  state: 'fresh' | 'stale' | 'fallback';
  /** How many items wait in the outbox, or are ends of reservations on their way. */
  waiting: number;
  /** How many the engine refused for good. */
  deadLetters: number;
}

export interface StatusFacts {
  /** False for a client that is offline or closed. */
  isConnecting: boolean;
  /** Whether any reply or message of the engine has come yet. */
  isHeardOf: boolean;
  /** Whether the engine is there now, as far as this client can tell. */
  isThere: boolean;
}

export function stateOfClient({ isConnecting, isHeardOf, isThere }: StatusFacts): ClientStatus['state'] {
  if (!isConnecting || !isHeardOf) return 'fallback';
  return isThere ? 'fresh' : 'stale';
}
