import type { ExecutionContext } from '@nestjs/common';

/** What GraphQL hands to every resolver as its last argument. One object per field and run. */
export interface ResolveInfo {
  /** The operation in the parsed document, which servers keep and use again. */
  operation: object;
}

/**
 * The object that is one for all that happens in one call of a handler, and another for every other call: HTTP's
 * request, GraphQL's info, and for messages the list of arguments.
 */
export function callKeyOf(context: ExecutionContext): object {
  const transport = context.getType<string>();
  if (transport === 'http') return requestOf(context);
  return transport === 'graphql' ? resolveInfoOf(context) : context.getArgs();
}

// HTTP's request and response, which are read several times for each call: Nest makes three functions anew whenever
// `switchToHttp()` is asked for them.
export const requestOf = <Request = object>(context: ExecutionContext): Request => context.getArgByIndex<Request>(0);
export const responseOf = <Response>(context: ExecutionContext): Response => context.getArgByIndex<Response>(1);

// Reference resolvers get no arguments, so both are counted from the end.
export const resolveInfoOf = (context: ExecutionContext): ResolveInfo => context.getArgs().at(-1) as ResolveInfo;
export const graphqlContextOf = (context: ExecutionContext): object => context.getArgs().at(-2) as object;
