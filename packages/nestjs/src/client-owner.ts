import type { ModulesContainer } from '@nestjs/core';
import { Tollgate, type TollgateOptions } from '@tollgate/client';
import { clientOf, isClient } from '@tollgate/client/gate';
import { TollgateError } from '@tollgate/contract';
import { defaultShutdownDeadlineMs, type TollgateModuleOptions } from './tollgate-options.js';

/** Opens the client of one module instance when somebody asks for it, and closes it if it was opened here. */
export interface ClientOwner {
  client(): Tollgate;
  /** Nest calls this hook on every provider that has it: after the server has stopped, so that nothing is left to use. */
  onApplicationShutdown(): Promise<void>;
}

function clientOwner({
  client: given,
  shutdownDeadlineMs = defaultShutdownDeadlineMs,
}: TollgateModuleOptions): ClientOwner {
  let client: Tollgate | undefined;
  return {
    client() {
      client ??= clientOf<Tollgate, TollgateOptions>(given, (options) => Tollgate.initialize(options)).client;
      return client;
    },
    async onApplicationShutdown() {
      if (!isClient(given)) await client?.close({ deadlineMs: shutdownDeadlineMs });
    },
  };
}

type Owners = Map<string | undefined, { options: TollgateModuleOptions; owner: ClientOwner }>;
const ownersByApplication = new WeakMap<ModulesContainer, Owners>();

/**
 * The owner of the client called `name` in one application. A module that is imported twice, each time by a call of
 * `forRoot` with the same options, shares one; two different configurations under one name are an error.
 */
export function ownerIn(
  application: ModulesContainer,
  name: string | undefined,
  options: TollgateModuleOptions,
): ClientOwner {
  const owners: Owners = ownersByApplication.get(application) ?? new Map();
  ownersByApplication.set(application, owners);
  const known = owners.get(name);
  if (!known) {
    const owner = clientOwner(options);
    owners.set(name, { options, owner });
    return owner;
  }
  if (isSame(known.options, options, 1)) return known.owner;
  const called = name === undefined ? 'without a name' : `named ${name}`;
  throw new TollgateError(
    'CONFIGURATION',
    `TollgateModule ${called} is set up twice with different options: import the result of one forRoot, or name one`,
    { field: 'name' },
  );
}

/** Closes every client that an application opened: for a start that fails, which runs no shutdown hook. */
export async function closeClientsOf(application: ModulesContainer): Promise<void> {
  const owners = [...(ownersByApplication.get(application)?.values() ?? [])];
  await Promise.allSettled(owners.map(({ owner }) => owner.onApplicationShutdown()));
}

/** Equal field by field, and inside plain objects down to `depth` more levels. */
function isSame(one: unknown, other: unknown, depth: number): boolean {
  if (one === other) return true;
  if (depth < 0 || !isPlain(one) || !isPlain(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(one[name], other[name], depth - 1));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
