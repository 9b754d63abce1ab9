import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { closeClientsOf } from './client-owner.js';
import { type Declaration, declarationOf, mistake } from './declared-requirements.js';
import { EntitlementCalls } from './entitlement-calls.js';
import type { EntitlementGate } from './entitlement-gate.js';

interface Host {
  name: string;
  prototype: Record<string, { name: string }>;
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
    const controllers = new Set(hostsOf(this.discovery.getControllers()));
    const others = hostsOf(this.discovery.getProviders()).filter((provider) => !controllers.has(provider));
    const misplaced = others.flatMap((provider) => this.declarationsOf(provider))[0];
    if (misplaced) {
      throw mistake(misplaced.place, 'requires an entitlement, but only handlers of controllers are enforced so far');
    }
    const gates = new Set<EntitlementGate>();
    for (const declaration of [...controllers].flatMap((controller) => this.declarationsOf(controller))) {
      const gate = this.calls.gateOf(declaration);
      gate.enforce(declaration);
      gates.add(gate);
    }
    for (const gate of gates) await gate.checkFeatures();
  }

  private declarationsOf(host: Host): Declaration[] {
    return this.scanner
      .getAllMethodNames(host.prototype)
      .flatMap((name) => host.prototype[name] ?? [])
      .map((handler) => declarationOf(host, handler))
      .filter(({ requirements }) => requirements.length > 0);
  }
}

function hostsOf(wrappers: readonly { metatype?: unknown }[]): Host[] {
  const isHost = (value: unknown): value is Host => typeof value === 'function' && Boolean(value.prototype);
  return wrappers.map(({ metatype }) => metatype).filter(isHost);
}
