import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';

export interface OutageBreaker {
  /** True from the first failure until a probe succeeds. */
  isOpen(): boolean;
  execute<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

const probeEveryMs = 250;

/** An error that Redis answered with says that Redis is alive: it fails one command. */
export const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** Opens at the first failure, and closes by a probe of its own: no caller ever waits to find out. */
export function outageBreaker({
  probe,
  onOutage,
}: {
  probe: () => Promise<void>;
  onOutage: (error: unknown) => void;
}): OutageBreaker {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const circuit = circuitBreaker(
    handleWhen((error) => !isReply(error)),
    { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 0 },
  );
  const schedule = (): void => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => circuit.execute(probe).catch(schedule), probeEveryMs).unref();
  };
  circuit.onBreak((reason) => {
    const isNew = timer === undefined;
    if (isNew && !isClosed) onOutage('error' in reason ? reason.error : undefined);
    schedule();
  });
  circuit.onReset(() => {
    clearTimeout(timer);
    timer = undefined;
  });
  return {
    isOpen: () => circuit.state !== CircuitState.Closed,
    execute: (work) => circuit.execute(work),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
