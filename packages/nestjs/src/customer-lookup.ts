import type { ExecutionContext } from '@nestjs/common';
import type { Customer, CustomerResolver } from '@tollgate/client/gate';
import { callKeyOf } from './call-key.js';
import { isAnswer } from './denial-exception.js';

type Found = Customer | null | undefined;

/** What was answered in a call, kept on the object that stands for it: quicker than a weak map with an entry per call. */
const answersKey = Symbol('tollgate.answers');
type Asked = object & { [answersKey]?: Map<CustomerResolver<ExecutionContext>, Promise<Found>> };

/** One for each function of the application, which may stand in several requirements. */
const askers = new WeakMap<CustomerResolver<ExecutionContext>, CustomerResolver<ExecutionContext>>();

/**
 * Asks the application once per call who pays, however many requirements, guards and interceptors want to know. An
 * answer that names nobody, or an error, is not remembered: later the request may say more.
 */
export function askedOnce(resolver: CustomerResolver<ExecutionContext>): CustomerResolver<ExecutionContext> {
  const known = askers.get(resolver);
  if (known) return known;
  const asker: CustomerResolver<ExecutionContext> = async (context) => {
    const call: Asked = callKeyOf(context);
    call[answersKey] ??= new Map();
    const answers = call[answersKey];
    const answer = answers.get(resolver) ?? Promise.resolve(resolver(context));
    answers.set(resolver, answer);
    try {
      const found = await answer;
      if (isNobody(found)) answers.delete(resolver);
      return found;
    } catch (error) {
      answers.delete(resolver);
      throw error;
    }
  };
  askers.set(resolver, asker);
  return asker;
}

/**
 * Whether all resolvers find somebody by now. One that throws does not, because what it reads may not be there yet; but
 * an exception of the transport's kind is the application's own answer, and is thrown on.
 */
export async function isCustomerKnown(
  resolvers: readonly CustomerResolver<ExecutionContext>[],
  context: ExecutionContext,
): Promise<boolean> {
  try {
    const found = await Promise.all(resolvers.map((resolver) => resolver(context)));
    return !found.some(isNobody);
  } catch (error) {
    if (isAnswer(error)) throw error;
    return false;
  }
}

function isNobody(found: Found): boolean {
  if (found === null || found === undefined || found === '') return true;
  return typeof found === 'object' && !found.customerId;
}
