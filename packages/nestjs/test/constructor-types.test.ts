import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import { expect, it } from 'vitest';
import {
  EntitlementCalls,
  EntitlementGuard,
  EntitlementInterceptor,
  RequireEntitlement,
  TollgateModule,
} from '../src/index.js';
import { RequirementCheck } from '../src/requirement-check.js';
import { platforms, startApp } from './nest-app.js';
import { offlineOptions } from './offline-client.js';

@Controller()
class Reports {
  @Get('granted')
  @RequireEntitlement('feature-granted')
  granted() {
    return {};
  }

  @Get('unknown')
  @RequireEntitlement('feature-nobody-knows')
  unknown() {
    return {};
  }
}

const injected = [EntitlementGuard, EntitlementInterceptor, EntitlementCalls, RequirementCheck];

it.each(injected.map((type) => ({ name: type.name, type })))(
  'needs no types of the constructor of $name, which not every build emits',
  async ({ type }) => {
    Reflect.deleteMetadata('design:paramtypes', type);
    const imports = [TollgateModule.forRoot({ client: offlineOptions, customer: () => 'acme' })];
    const { app, send } = await startApp({ imports, controllers: [Reports] }, platforms[0]);
    try {
      expect((await send('/granted')).status).toBe(200);
      expect((await send('/unknown')).status).toBe(503);
    } finally {
      await app.close();
    }
  },
);
