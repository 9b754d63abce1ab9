import type { FastifyInstance } from 'fastify';

/** A probe that hangs is worse than one that fails. */
const readinessDeadlineMs = 3_000;

/**
 * `/livez` says that the process runs, whatever the database does: a restart would not bring that back. `/readyz` says
 * that requests can be answered.
 */
export function serveHealth(app: FastifyInstance, checkReady: () => Promise<void>): void {
  let isReady = true;
  app.get('/livez', async () => ({ status: 'UP' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await withinDeadline(checkReady());
      isReady = true;
      return { status: 'UP' };
    } catch (error) {
      // Probes come every few seconds: the log hears of the change, not of every probe.
      if (isReady) app.log.warn({ err: error }, 'not ready');
      isReady = false;
      return reply.code(503).send({ status: 'DOWN' });
    }
  });
}

function withinDeadline(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), readinessDeadlineMs);
    timer.unref();
  });
  return Promise.race([check, deadline]).finally(() => clearTimeout(timer));
}
