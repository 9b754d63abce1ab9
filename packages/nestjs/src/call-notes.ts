import type { ExecutionContext } from '@nestjs/common';
import type { Customer, CustomerResolver, Soon } from '@tollgate/client/gate';
import type { HttpCall } from './http-call.js';

/** What is kept of one call of a handler, or of a request that passes several. */
export interface CallNotes {
  /** HTTP: one for each handler that the request passes (`next()`). */
  readonly calls: HttpCall[];
  /** What the application's functions said of who pays. */
  answers: readonly CustomerAnswer[];
}

export interface CustomerAnswer {
  resolver: CustomerResolver<ExecutionContext>;
  told: Soon<Customer | null | undefined>;
}

const notesKey = Symbol('tollgate.notes');
type Noted = object & { [notesKey]?: CallNotes };

/**
 * The notes of a call, on the object that stands for it (`callKeyOf`): a weak map with an entry for every request is what
 * the garbage collector is slowest at.
 */
export function notesOf(call: Noted): CallNotes {
  call[notesKey] ??= { calls: [], answers: [] };
  return call[notesKey];
}
