import type { Denied } from '@tollgate/client/gate';
import { EntitlementException } from './entitlement.exception.js';

/** What every exception of a denial has beside its message: for filters that want to know all of it. */
export interface DenialException extends Error {
  decision: Denied;
}

/**
 * A denial as the exception that its transport knows how to answer. A library is asked for its class only when its own
 * transport has called, so it is there; and no application loads one that it does not use.
 */
export async function denialException(decision: Denied, transport: string): Promise<DenialException> {
  const { problem } = decision;
  const message = problem.detail ?? problem.title;
  switch (transport) {
    case 'graphql': {
      const { GraphQLError } = await import('graphql');
      return Object.assign(new GraphQLError(message, { extensions: { ...problem } }), { decision });
    }
    case 'ws': {
      const { WsException } = await import('@nestjs/websockets');
      return Object.assign(new WsException({ message, ...problem }), { decision });
    }
    case 'rpc': {
      const { RpcException } = await import('@nestjs/microservices');
      return Object.assign(new RpcException({ message, ...problem }), { decision });
    }
    default:
      return new EntitlementException(decision);
  }
}

/** Whether an error is the application's own answer to a call, in any transport, and not a fault of its code. */
export function isAnswer(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return 'getStatus' in error || 'getError' in error || ('name' in error && error.name === 'GraphQLError');
}
