import type { ExecutionContext } from '@nestjs/common';
import { type Customer, type CustomerResolver, type Soon, soon } from '@tollgate/client/gate';
import { callKeyOf } from './call-key.js';
import { notesOf } from './call-notes.js';
import { isAnswer } from './denial-exception.js';

type Found = Customer | null | undefined;

/** One for each function of the application, which may stand in several requirements. */
const askers = new WeakMap<CustomerResolver<ExecutionContext>, CustomerResolver<ExecutionContext>>();

/**
 * Asks the application once per call who pays, however many requirements, guards and interceptors want to know. An
 * answer that names nobody, or an error, is not remembered: later the request may say more.
 */
export function askedOnce(resolver: CustomerResolver<ExecutionContext>): CustomerResolver<ExecutionContext> {
  const known = askers.get(resolver);
  if (known) return known;
  const asker: CustomerResolver<ExecutionContext> = (context) => {
    const notes = notesOf(callKeyOf(context));
    const known = notes.answers.find((answer) => answer.resolver === resolver);
    if (known) return known.told;
    const told = soon(resolver(context));
    const answer = { resolver, told };
    const forget = (): void => {
      notes.answers = notes.answers.filter((kept) => kept !== answer);
    };
    if (told instanceof Promise) told.then((found) => isNobody(found) && forget(), forget);
    if (told instanceof Promise || !isNobody(told)) notes.answers = [...notes.answers, answer];
    return told;
  };
  askers.set(resolver, asker);
  return asker;
}

/**
 * Whether all resolvers find somebody by now. One that throws does not, because what it reads may not be there yet; but
 * an exception of the transport's kind is the application's own answer, and is thrown on.
 */
export function isCustomerKnown(
  resolvers: readonly CustomerResolver<ExecutionContext>[],
  context: ExecutionContext,
): Soon<boolean> {
  const failed = (error: unknown): boolean => {
    if (isAnswer(error)) throw error;
    return false;
  };
  const areKnown = (found: readonly Found[]): boolean => !found.some(isNobody);
  try {
    const found = resolvers.map((resolver) => soon(resolver(context)));
    const isTold = (one: Soon<Found>): one is Found => !(one instanceof Promise);
    return found.every(isTold) ? areKnown(found) : Promise.all(found).then(areKnown).catch(failed);
  } catch (error) {
    return failed(error);
  }
}

function isNobody(found: Found): boolean {
  if (found === null || found === undefined || found === '') return true;
  return typeof found === 'object' && !found.customerId;
}
