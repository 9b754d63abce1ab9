import { Inject, Injectable, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { closeClientsOf } from './client-owner.js';
import { type Declaration, declarationOf, mistake, type Per, REQUIREMENTS_METADATA } from './declared-requirements.js';
import { EntitlementCalls } from './entitlement-calls.js';
import type { EntitlementGate } from './entitlement-gate.js';
import { ENTITLEMENTS_METADATA, type EntitlementsMetadata } from './entitlements-handler.js';
import { type GraphqlModule, graphqlModulesOf } from './graphql-modules.js';
import { type HandlerKind, handlerKindOf } from './handler-kind.js';
import { decideEvents } from './subscription-events.js';

type Handler = (...args: never[]) => unknown;

/** A class whose methods something may call. */
interface Host {
  type: Type;
  isController: boolean;
  /** The modules that it belongs to. */
  modules: readonly unknown[];
}

/** A method that requires something. */
interface Guarded {
  host: Host;
  handler: Handler;
  declaration: Declaration;
  kind: HandlerKind | undefined;
}

const checkedApplications = new WeakSet<ModulesContainer>();

/**
 * Checks every requirement that the application declares before it listens: unknown features, wrong kinds, instances
 * that do not exist, places where nothing would enforce them. Several instances in one application check once.
 */
@Injectable()
export class RequirementCheck implements OnApplicationBootstrap {
  constructor(
    @Inject(ModulesContainer) private readonly application: ModulesContainer,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(EntitlementCalls) private readonly calls: EntitlementCalls,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (checkedApplications.has(this.application)) return;
    checkedApplications.add(this.application);
    try {
      await this.check();
    } catch (error) {
      // A start that fails runs no shutdown hook, and an open client would keep the process from ending.
      await closeClientsOf(this.application);
      throw error;
    }
  }

  private async check(): Promise<void> {
    const graphqlModules = graphqlModulesOf(this.application);
    const gates = new Set<EntitlementGate>();
    const hosts = this.hosts();
    for (const guarded of hosts.flatMap((host) => this.guardedOf(host))) {
      const servedBy = graphqlModules.filter((graphql) =>
        guarded.host.modules.some((module) => graphql.serves(module)),
      );
      assertEnforced(guarded, servedBy);
      const { declaration, host, handler } = guarded;
      const gate = this.calls.gateOf(declaration);
      for (const per of Object.keys(declaration.per) as Per[]) {
        if (declaration.per[per].length > 0) gate.enforce(declaration, per);
      }
      if (declaration.per.event.length > 0) {
        const schemas = servedBy.flatMap(({ schema }) => schema ?? []);
        await decideEvents(gate, declaration, { resolver: host.type, handler }, schemas);
      }
      gates.add(gate);
    }
    for (const { type, isController } of hosts) {
      const gate = isController && this.showing(type);
      if (gate) gates.add(gate);
    }
    for (const gate of gates) await gate.checkFeatures();
  }

  /** The gate of a controller that `entitlementsHandler` made; it will compare what is listed there with the catalog. */
  private showing(type: Type): EntitlementGate | undefined {
    const shown = Reflect.getMetadata(ENTITLEMENTS_METADATA, type) as EntitlementsMetadata | undefined;
    if (!shown) return undefined;
    const place = `${type.name}.entitlements`;
    const gate = this.calls.gateOf({ instance: shown.instance, place });
    gate.remember(shown.query.listed ?? [], place);
    return gate;
  }

  private hosts(): Host[] {
    const hosts = new Map<Type, Host & { modules: unknown[] }>();
    const controllers = this.discovery.getControllers();
    for (const wrapper of [...controllers, ...this.discovery.getProviders()]) {
      const type: unknown = wrapper.metatype;
      if (typeof type !== 'function' || !type.prototype) continue;
      const host = hosts.get(type as Type) ?? {
        type: type as Type,
        isController: controllers.includes(wrapper),
        modules: [],
      };
      host.modules.push(wrapper.host?.metatype);
      hosts.set(type as Type, host);
    }
    return [...hosts.values()];
  }

  /** What a class has that is to be enforced. Throws for what stands where nothing would enforce it. */
  private guardedOf(host: Host): Guarded[] {
    const prototype = host.type.prototype as Record<string, Handler>;
    const guarded = this.scanner
      .getAllMethodNames(prototype)
      .flatMap((name) => prototype[name] ?? [])
      .map((handler) => ({
        host,
        handler,
        declaration: declarationOf(host.type, handler),
        kind: handlerKindOf(host.type, handler),
      }))
      .filter(({ declaration }) => declaration.requirements.length > 0);
    if (host.isController) return guarded;
    // What a class requires is meant for its handlers: its other methods are called by nobody but the application.
    const called = guarded.filter(({ kind }) => kind !== undefined);
    const lost = guarded.find(({ kind, handler }) => !kind && Reflect.hasMetadata(REQUIREMENTS_METADATA, handler));
    const misplaced = lost ?? (called.length === 0 ? guarded[0] : undefined);
    if (!misplaced) return called;
    const { place } = misplaced.declaration;
    throw mistake(place, 'requires an entitlement that nothing would enforce: it handles no request, field or message');
  }
}

function assertEnforced({ declaration, kind }: Guarded, servedBy: readonly GraphqlModule[]): void {
  const { place, per } = declaration;
  if (per.operation.length > 0 && !kind?.startsWith('graphql')) {
    throw mistake(place, "has `per: 'operation'`, and only GraphQL has operations");
  }
  if (per.event.length > 0 && kind !== 'graphql-subscription') {
    throw mistake(place, "has `per: 'event'`, and only GraphQL subscriptions have events");
  }
  if (kind === 'graphql-field' && servedBy.some(({ interceptsFields }) => !interceptsFields)) {
    throw mistake(
      place,
      "requires an entitlement, and the GraphQLModule lets field resolvers through: set `fieldResolverEnhancers: ['guards', 'interceptors']` there, or @SkipEntitlement() on the field",
    );
  }
}
