import {
  type Operation,
  type Snapshot,
  SnapshotsDocument,
  type SnapshotWire,
  snapshotFromWire,
} from '@tollgate/contract';
import { stateOf } from './entitlement-reads.js';
import type { Entitlement } from './results.js';
import type { SafeLogger } from './safe-logger.js';

/** What every management method is made of: a call to the engine whose snapshots this client reads at once. */
export interface ManagementCall {
  /** Sends an operation; `patienceMs` raises the client's timeout for one that does many things at once. */
  execute<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    patienceMs?: number,
  ): Promise<Result>;
  /** The same for an operation that changes standing: `snapshotsOf` finds the snapshots in its reply. */
  change<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    snapshotsOf: (result: Result) => readonly SnapshotWire[],
  ): Promise<Result>;
  /** Asks for the snapshots that a reply did not carry. Never rejects: the change itself has been made. */
  refresh(customerId: string, resourceIds: readonly (string | null)[]): Promise<void>;
  /** The entitlements of a customer, or of one of its resources, in snapshots that came with a reply. */
  entitlementsOf(snapshots: readonly SnapshotWire[], customerId: string, resourceId: string | null): Entitlement[];
  logger: SafeLogger;
  newId(): string;
}

export interface ManagementCallOptions {
  execute: ManagementCall['execute'];
  /** Begins a call that will bring snapshots; the returned function takes them into the cache. */
  begin(): (snapshots: readonly Snapshot[]) => void;
  now(): number;
  newId(): string;
  logger: SafeLogger;
}

/** A thousand rows, each a transaction of its own, take their time. */
export const importPatienceMs = 120_000;

/** The most scopes that one read of snapshots takes. */
const scopesMax = 100;

export function managementCall({ execute, begin, now, newId, logger }: ManagementCallOptions): ManagementCall {
  const change: ManagementCall['change'] = async (operation, variables, snapshotsOf) => {
    const take = begin();
    const result = await execute(operation, variables);
    take(snapshotsOf(result).map(snapshotFromWire));
    return result;
  };
  return {
    execute,
    change,
    refresh: async (customerId, resourceIds) => {
      const scopes = [...new Set([null, ...resourceIds])].slice(0, scopesMax);
      try {
        await change(SnapshotsDocument, { customerId, resourceIds: scopes }, ({ snapshots }) => snapshots);
      } catch (error) {
        logger.debug(
          `the entitlements of ${customerId} were not refreshed; the change feed tells of the change`,
          error,
        );
      }
    },
    entitlementsOf: (wires, customerId, resourceId) => {
      const of = (scope: string | null) =>
        wires.find((wire) => wire.customerId === customerId && wire.resourceId === scope);
      const [customer, resource] = [of(null), resourceId === null ? undefined : of(resourceId)];
      if (!customer) return [];
      const pair = { customer: snapshotFromWire(customer), resource: resource ? snapshotFromWire(resource) : null };
      return stateOf(pair, now()).entitlements;
    },
    logger,
    newId,
  };
}
