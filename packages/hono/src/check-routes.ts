import { checkSteps, type ProtectedRoute } from '@tollgate/client/gate';
import type { Context, Env, Hono, Schema } from 'hono';
import { findTargetHandler } from 'hono/utils/handler';

/**
 * Compares everything that the routes of an application require with the catalog, those of `app.route()` included: call
 * it when all routes are declared, before the application is served. Answers where something is required. Rejects with
 * CONFIGURATION for a feature that the catalog does not have or that is of another kind (`onMisconfigured: 'warn'` only
 * logs it), and for a requirement with no `tollgate()` before it. While the engine cannot be reached it warns, and
 * checks when it is back.
 */
export async function checkRoutes<E extends Env, S extends Schema, Path extends string>(
  app: Hono<E, S, Path>,
): Promise<ProtectedRoute[]> {
  // A mounted application with an error handler of its own has its handlers wrapped.
  return checkSteps<Context>(
    app.routes.map(({ method, path, handler }) => ({ method, path, handler: findTargetHandler(handler) })),
  );
}
