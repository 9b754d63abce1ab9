import { type ExecutionContext, HttpException } from '@nestjs/common';
import type { Customer, CustomerResolver } from '@tollgate/client/gate';

type Found = Customer | null | undefined;

/**
 * Asks the application once per request who pays, however many requirements, guards and interceptors want to know. An
 * answer that names nobody, or an error, is not remembered: later the request may say more.
 */
export function askedOnce(resolver: CustomerResolver<ExecutionContext>): CustomerResolver<ExecutionContext> {
  const answers = new WeakMap<object, Promise<Found>>();
  return async (context) => {
    const request = context.switchToHttp().getRequest<object>();
    const answer = answers.get(request) ?? Promise.resolve(resolver(context));
    answers.set(request, answer);
    try {
      const found = await answer;
      if (isNobody(found)) answers.delete(request);
      return found;
    } catch (error) {
      answers.delete(request);
      throw error;
    }
  };
}

/**
 * Whether all resolvers find somebody by now. One that throws does not, because what it reads may not be there yet; but
 * an `HttpException` is the application's own answer to the request.
 */
export async function isCustomerKnown(
  resolvers: readonly CustomerResolver<ExecutionContext>[],
  context: ExecutionContext,
): Promise<boolean> {
  try {
    const found = await Promise.all(resolvers.map((resolver) => resolver(context)));
    return !found.some(isNobody);
  } catch (error) {
    if (error instanceof HttpException) throw error;
    return false;
  }
}

function isNobody(found: Found): boolean {
  if (found === null || found === undefined || found === '') return true;
  return typeof found === 'object' && !found.customerId;
}
