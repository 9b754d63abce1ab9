import type { ExecutionContext } from '@nestjs/common';
import type { Customer, CustomerResolver, Soon } from '@tollgate/client/gate';

/** What is kept of one call of a handler, or of a request that passes several. */
export interface CallNotes<Call> {
  /** HTTP: one for each handler that the request passes (`next()`). */
  readonly calls: Call[];
  /** What the application's functions said of who pays. */
  answers: readonly CustomerAnswer[];
}

export interface CustomerAnswer {
  resolver: CustomerResolver<ExecutionContext>;
  told: Soon<Customer | null | undefined>;
}

const notesKey = Symbol('tollgate.notes');
type Noted<Call> = object & { [notesKey]?: CallNotes<Call> };

/**
 * The notes of a call, on the object that stands for it (`callKeyOf`): a weak map with an entry for every request is what
 * the garbage collector is slowest at.
 */
export function notesOf<Call>(call: Noted<Call>): CallNotes<Call> {
  call[notesKey] ??= { calls: [], answers: [] };
  return call[notesKey];
}
