import { checkSteps, type ProtectedRoute } from '@tollgate/client/gate';
import type { Application, Router } from 'express';
import { stepsOf } from './route-steps.js';

/**
 * Compares everything that the routes of an application require with the catalog, in nested routers and mounted
 * applications too: call it when all routes are declared, before `listen`. Answers where something is required. Rejects
 * with CONFIGURATION for a feature that the catalog does not have or that is of another kind (`onMisconfigured: 'warn'`
 * only logs it), and for a requirement with no `tollgate()` before it. While the engine cannot be reached it warns, and
 * checks when it is back.
 */
export async function checkRoutes(app: Application | Router): Promise<ProtectedRoute[]> {
  return checkSteps(stepsOf(app));
}
