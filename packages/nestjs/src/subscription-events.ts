import type { Type } from '@nestjs/common';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { type Declaration, mistake } from './declared-requirements.js';
import type { EntitlementGate } from './entitlement-gate.js';
import { EventContext } from './event-context.js';
import { admitOnce } from './handler-call.js';
import { fieldNameOf } from './handler-kind.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;

/**
 * Decides every event of a subscription where the schema resolves it: after the subscription's own filter, so that only
 * what the client would get is decided and charged. A denial is an error in the place of that event, and the next event
 * is decided anew.
 */
export async function decideEvents(
  gate: EntitlementGate,
  declaration: Declaration,
  { resolver, handler }: { resolver: Type; handler: (...args: never[]) => unknown },
  schemas: readonly GraphQLSchema[],
): Promise<void> {
  const { defaultFieldResolver } = await import('graphql');
  const name = fieldNameOf(handler);
  const fields = schemas.flatMap((schema) => schema.getSubscriptionType()?.getFields()[name] ?? []);
  if (fields.length === 0)
    throw mistake(declaration.place, `counts per event, and no schema has a subscription ${name}`);
  for (const field of fields) {
    const resolve: Resolve = field.resolve ?? defaultFieldResolver;
    const decided: Resolve = async (...args) => {
      const context = new EventContext(resolver, handler, args);
      const admitted = await admitOnce(gate, declaration, 'event', context);
      try {
        const value: unknown = await resolve(...args);
        admitted.settle({ kind: 'succeeded' });
        return value;
      } catch (error) {
        admitted.settle({ kind: 'failed', error });
        throw error;
      }
    };
    field.resolve = decided;
  }
}
