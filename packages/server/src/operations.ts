import { TollgateError } from '@tollgate/contract';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { coerceVariables } from './coerce-variables.js';
import { operationLimits, withinLimits } from './operation-limits.js';
import type { RequestContext } from './resolvers.js';

type Variables = Record<string, unknown>;

/** One operation, checked and compiled: calling it costs no more than its resolvers. */
export interface CompiledOperation {
  kind: OperationDefinitionNode['operation'];
  document: DocumentNode;
  execute(context: RequestContext, variables: Variables): Promise<ExecutionResult>;
  /** Resolves to an iterator of results, or to a result with errors. */
  subscribe(context: RequestContext, variables: Variables): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
}

export interface Operations {
  schema: GraphQLSchema;
  /** Throws a `GraphQLError` for text that does not parse, and `InvalidOperation` for what the schema refuses. */
  compile(text: string, operationName?: string | null): CompiledOperation;
}

/** What GraphQL's own rules, or our limits, say against an operation. */
export class InvalidOperation extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.name = 'InvalidOperation';
  }
}

/** Compiles operations once each and keeps the latest ones; a program has a dozen of them. */
export function createOperations(schema: GraphQLSchema, keptMax = 200): Operations {
  const kept = new Map<string, CompiledOperation>();
  return {
    schema,
    compile(text, operationName) {
      const key = `${operationName ?? ''}\n${text}`;
      const known = kept.get(key);
      if (known) return known;
      const made = compileOperation(schema, parseWithinLimits(text), operationName);
      const oldest = kept.keys().next();
      if (kept.size >= keptMax && !oldest.done) kept.delete(oldest.value);
      kept.set(key, made);
      return made;
    },
  };
}

export function parseWithinLimits(text: string): DocumentNode {
  if (text.length > operationLimits.textLengthMax) {
    throw new GraphQLError(`The query is longer than ${operationLimits.textLengthMax} characters.`);
  }
  return parse(text, { maxTokens: operationLimits.tokensMax });
}

function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): CompiledOperation {
  const errors = validate(schema, document, [...specifiedRules, withinLimits]);
  if (errors.length > 0) throw new InvalidOperation(errors);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new InvalidOperation([new GraphQLError('The request does not say which operation to run.')]);
  const compiled = compileQuery(schema, document, operationName ?? undefined) as CompiledQuery;
  if (!isCompiledQuery(compiled)) throw new InvalidOperation((compiled as ExecutionResult).errors ?? []);
  const run = async (root: unknown, context: RequestContext, variables: Variables): Promise<ExecutionResult> =>
    compiled.query(root, context, variables);
  return {
    kind: operation.operation,
    document,
    execute: (context, variables) => {
      if (operation.operation === 'subscription') throw subscriptionOverHttp();
      return run({}, context, coerceVariables(schema, operation, variables));
    },
    async subscribe(context, given) {
      const variables = coerceVariables(schema, operation, given);
      // graphql-jit hands a subscription's resolver the variables instead of its arguments, so GraphQL itself opens the
      // stream; only what comes out of it is run through the compiled operation.
      const stream = await createSourceEventStream({
        schema,
        document,
        rootValue: {},
        contextValue: context,
        variableValues: variables,
        ...(operationName ? { operationName } : {}),
      });
      if (!(Symbol.asyncIterator in stream)) return stream;
      return mapped(stream, (event) => run(event, context, variables));
    },
  };
}

export const subscriptionOverHttp = (): TollgateError =>
  new TollgateError('INVALID_ARGUMENT', 'a subscription needs a WebSocket: connect to this path with graphql-ws', {
    field: 'query',
  });

/** Like `map` of an array. Ending it ends the source at once, even while it waits for the source's next value. */
function mapped<From, To>(source: AsyncIterable<From>, map: (value: From) => Promise<To>): AsyncGenerator<To> {
  const iterator = source[Symbol.asyncIterator]();
  const end = async (): Promise<IteratorResult<To>> => {
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      const step = await iterator.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: await map(step.value) };
    },
    return: end,
    async throw(error) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
