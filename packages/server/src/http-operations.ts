import { invalidArgument, isTollgateError, TollgateError, toIso } from '@tollgate/contract';
import type { FastifyError, FastifyInstance } from 'fastify';
import { type GraphQLFormattedError, type GraphQLSchema, getOperationAST } from 'graphql';
import mercurius, { type MercuriusContext } from 'mercurius';
import type { Authentication } from './authentication.js';
import type { Clock } from './clock.js';
import { coerceVariables } from './coerce-variables.js';
import { operationLimits, withinLimits } from './operation-limits.js';
import { subscriptionOverHttp } from './operations.js';
import { type ErrorLog, replyError, replyStatus } from './reply-error.js';

interface Parts {
  path: string;
  schema: GraphQLSchema;
  authentication: Authentication;
  clock: Clock;
  log: ErrorLog;
}

interface GraphQLRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** Serves queries and mutations by POST, compiled and cached by Mercurius. Every reply carries the engine's clock. */
export async function serveOperations(app: FastifyInstance, parts: Parts): Promise<void> {
  const { path, schema, authentication, clock, log } = parts;
  const withClock = <Body extends object>(body: Body, time: Clock) => ({
    ...body,
    extensions: { now: toIso(time.now()), isClockFrozen: time.isFrozen },
  });
  await app.register(mercurius, {
    schema,
    routes: false,
    jit: 1,
    cache: 200,
    validationRules: [withinLimits],
    graphql: { parseOptions: { maxTokens: operationLimits.tokensMax } },
    errorFormatter: ({ errors, data }) => {
      const formatted = errors.map((error) => replyError(error, log));
      return { statusCode: data ? 200 : replyStatus(formatted), response: { data: data ?? null, errors: formatted } };
    },
  });
  // Mercurius would check variables twice, and say only in prose which field is wrong: it gets them checked, from here.
  app.graphql.addHook('preExecution', async (_schema, document, context) => {
    const { requested } = context as MercuriusContext & { requested: GraphQLRequest };
    const operation = getOperationAST(document, requested.operationName);
    if (!operation) throw invalidArgument('operationName', 'names no operation of the query');
    if (operation.operation === 'subscription') throw subscriptionOverHttp();
    return { variables: coerceVariables(schema, operation, requested.variables) };
  });
  app.post(path, async (request, reply) => {
    const known = await authentication.contextOf(request.headers['x-api-key']);
    const context = { ...known, url: `${request.protocol}://${request.host}` };
    const requested = readBody(request.body);
    const result = await reply.graphql(requested.query, { ...context, requested }, undefined, requested.operationName);
    return withClock(result, known.clock);
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const { status, errors } = describe(error, log);
    return reply.code(status).send(withClock({ data: null, errors }, clock));
  });
}

/** What went wrong before an operation could run. */
function describe(error: FastifyError, log: ErrorLog): { status: number; errors: GraphQLFormattedError[] } {
  if (error.code === 'MER_ERR_GQL_VALIDATION') {
    const { errors = [] } = error as { errors?: unknown[] };
    return { status: 400, errors: errors.map((each) => replyError(each, log)) };
  }
  const status = error.statusCode ?? 500;
  if (!isTollgateError(error) && status >= 400 && status < 500) {
    const refused = new TollgateError('INVALID_ARGUMENT', error.message, { field: 'body' });
    return { status, errors: [replyError(refused, log)] };
  }
  const errors = [replyError(error, log)];
  return { status: replyStatus(errors), errors };
}

/** The body of a GraphQL request. A list of requests is refused: what belongs together is one operation. */
function readBody(body: unknown): GraphQLRequest {
  if (Array.isArray(body)) throw invalidArgument('body', 'must be one request: batches of requests are not taken');
  if (typeof body !== 'object' || body === null) throw invalidArgument('body', 'must be a JSON object');
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== 'string' || query === '')
    throw invalidArgument('query', 'must be the text of a GraphQL operation');
  if (query.length > operationLimits.textLengthMax) {
    throw invalidArgument('query', `must have at most ${operationLimits.textLengthMax} characters`);
  }
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
    throw invalidArgument('variables', 'must be an object');
  if (typeof (operationName ?? '') !== 'string') throw invalidArgument('operationName', 'must be a string');
  return {
    query,
    variables: (variables ?? {}) as Record<string, unknown>,
    operationName: (operationName ?? undefined) as string | undefined,
  };
}
