import {
  defineEntitlementsQuery,
  type EntitlementsOptions,
  type EntitlementsQuery,
  missingTollgate,
} from '@tollgate/client/gate';
import type { Context } from 'hono';
import { contextOf, deny, setHeaders } from './gate-call.js';
import { stateOf } from './request-state.js';

export interface EntitlementsHandler {
  (c: Context): Promise<Response>;
  /** What it shows: `checkRoutes` finds it by this. */
  readonly shown: EntitlementsQuery<Context>;
}

/**
 * A handler for a GET route that answers what the current customer has, as JSON for the application's own pages
 * (`ShownEntitlements`), so that a page shows what the routes enforce. Answers 304 to a tag that still holds. Without
 * options it shows everything that the customer has. Throws CONFIGURATION for a wrong option.
 */
export function entitlementsHandler(options?: EntitlementsOptions<Context>): EntitlementsHandler {
  const query = defineEntitlementsQuery<Context>(options);
  const handler = async (c: Context): Promise<Response> => {
    const state = stateOf(c);
    if (!state) throw missingTollgate('entitlementsHandler');
    const result = await state.gate.entitlements(
      { ...contextOf(c), ifNoneMatch: c.req.header('if-none-match') },
      query,
    );
    if ('problem' in result) return deny(c, result, state.handler);
    setHeaders(c, result.headers);
    const { body, status } = result;
    return body === null ? c.body(null, status) : c.body(body, status as 200);
  };
  return Object.assign(handler, { shown: query });
}
