import {
  configurationError,
  defineEntitlementsQuery,
  type EntitlementsOptions,
  type EntitlementsQuery,
} from '@tollgate/client/gate';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deny, RequestContext, setHeaders } from './enforcement.js';
import { enforcementOf } from './tollgate-scope.js';

export interface EntitlementsHandler {
  (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** What it shows: the plugin compares it with the catalog at the start. */
  readonly shown: EntitlementsQuery<FastifyRequest>;
}

/**
 * A handler for a GET route that answers what the current customer has, as JSON for the application's own pages
 * (`ShownEntitlements`), so that a page shows what the routes enforce. Answers 304 to a tag that still holds. Without
 * options it shows everything that the customer has. Throws CONFIGURATION for a wrong option.
 */
export function entitlementsHandler(options?: EntitlementsOptions<FastifyRequest>): EntitlementsHandler {
  const query = defineEntitlementsQuery<FastifyRequest>(options);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const enforcement = enforcementOf(request);
    if (!enforcement) throw configurationError('entitlementsHandler', 'needs tollgatePlugin: register it before');
    const context = Object.assign(new RequestContext(request), { ifNoneMatch: request.headers['if-none-match'] });
    const result = await enforcement.gate.entitlements(context, query);
    if ('problem' in result) return deny(enforcement, result, request, reply);
    setHeaders(reply, result.headers);
    return reply.code(result.status).send(result.body ?? undefined);
  };
  return Object.assign(handler, { shown: query });
}
