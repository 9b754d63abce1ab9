import { TollgateError } from '@tollgate/contract';
import type { ApiKeyKind, EnvironmentEngine } from '@tollgate/engine';
import type { Clock } from './clock.js';
import type { UnansweredOperations } from './hot-operations.js';

/** What every resolver is handed: the environment of the caller's API key, and the time. */
export interface RequestContext {
  environment: EnvironmentEngine;
  clock: Clock;
  keyKind: ApiKeyKind;
  unanswered: UnansweredOperations;
  /** Where the caller reaches this server, such as `http://127.0.0.1:4210`; unknown to who comes by another way. */
  url?: string;
}

export type Resolver<Arguments> = (root: unknown, args: Arguments, context: RequestContext) => unknown;

/** Client keys end up in browsers: they reach only what is open to every visitor, until signed customer tokens come. */
export function serverOnly<Arguments>(resolver: Resolver<Arguments>): Resolver<Arguments> {
  return (root, args, context) => {
    if (context.keyKind !== 'server') {
      throw new TollgateError('FORBIDDEN', 'this needs an API key of kind "server", and the given one is a client key');
    }
    return resolver(root, args, context);
  };
}

export function assertCount(field: string, items: readonly unknown[], most: number): void {
  if (items.length >= 1 && items.length <= most) return;
  throw new TollgateError('INVALID_ARGUMENT', `${field} must have 1–${most} items, and has ${items.length}`, { field });
}
