import type { SnapshotKey } from '@tollgate/contract';
import type { Asked } from '../src/gate/asked.js';
import { defineRequirements, type Requirement } from '../src/gate.js';

/** What a request asks for by a requirement without functions, in a gate that names no mode. */
export function askedFor(
  requirement: Requirement<never>,
  key: SnapshotKey = { customerId: 'acme', resourceId: null },
): Asked {
  const [declared] = defineRequirements<never>(requirement);
  if (!declared) throw new Error('nothing was declared');
  const fixed = <T>(value: T) =>
    (typeof value === 'function' ? undefined : value) as Exclude<T, (...args: never[]) => unknown>;
  const mode = declared.mode ?? (declared.usage === undefined ? 'check' : undefined);
  return {
    requirement: declared,
    key,
    mode,
    isShadow: false,
    isCharged: mode !== 'check',
    usage: fixed(declared.usage),
    atMost: fixed(declared.atMost),
    values: fixed(declared.values),
    repeatedAs: undefined,
  };
}
