import { ConfigurableModuleBuilder, type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule, ModulesContainer } from '@nestjs/core';
import type { Tollgate } from '@tollgate/client';
import { type ClientOwner, ownerIn } from './client-owner.js';
import { EntitlementCalls } from './entitlement-calls.js';
import { entitlementGate } from './entitlement-gate.js';
import { RequirementCheck } from './requirement-check.js';
import {
  type ClientOverride,
  getClientOwnerToken,
  getEntitlementGateToken,
  getTollgateToken,
  TOLLGATE_CLIENT_OVERRIDE,
} from './tollgate.tokens.js';
import type { TollgateModuleExtras, TollgateModuleOptions } from './tollgate-options.js';

// `isGlobal` and the like are extras: they shape the module before any factory has run.
const defaultExtras: TollgateModuleExtras = { isGlobal: true, name: undefined, extraProviders: [] };

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<TollgateModuleOptions>({
  moduleName: 'Tollgate',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createTollgateOptions')
  .setExtras(defaultExtras, withInstance)
  .build();

/** The options as they were given, inside a `TollgateModule`. */
export const TOLLGATE_OPTIONS: string | symbol = MODULE_OPTIONS_TOKEN;

/** Tollgate in a Nest application: `TollgateModule.forRoot({ client, customer })`, or `forRootAsync`. */
@Module({})
export class TollgateModule extends ConfigurableModuleClass {}

function withInstance(definition: DynamicModule, { isGlobal, name, extraProviders }: TollgateModuleExtras) {
  return {
    ...definition,
    global: isGlobal ?? true,
    imports: [...(definition.imports ?? []), DiscoveryModule],
    providers: [...(definition.providers ?? []), ...(extraProviders ?? []), ...instanceProviders(name)],
    exports: [getTollgateToken(name), getEntitlementGateToken(name), EntitlementCalls],
  };
}

function instanceProviders(name: string | undefined): Provider[] {
  return [
    {
      provide: getClientOwnerToken(name),
      useFactory: (application: ModulesContainer, options: TollgateModuleOptions) =>
        ownerIn(application, name, options),
      inject: [ModulesContainer, MODULE_OPTIONS_TOKEN],
    },
    // A test that puts another client here gets it into the gate, and the configured one is never opened.
    {
      provide: getTollgateToken(name),
      useFactory: (owner: ClientOwner, override?: ClientOverride) => override?.(name) ?? owner.client(),
      inject: [getClientOwnerToken(name), { token: TOLLGATE_CLIENT_OVERRIDE, optional: true }],
    },
    {
      provide: getEntitlementGateToken(name),
      useFactory: (client: Tollgate, options: TollgateModuleOptions) => entitlementGate(client, options),
      inject: [getTollgateToken(name), MODULE_OPTIONS_TOKEN],
    },
    EntitlementCalls,
    RequirementCheck,
  ];
}
