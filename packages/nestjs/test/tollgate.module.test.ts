import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import { Query } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Tollgate } from '@tollgate/client';
import { afterEach, expect, it } from 'vitest';
import {
  type ClientOwner,
  EntitlementCalls,
  type EntitlementGate,
  EntitlementGuard,
  getClientOwnerToken,
  getEntitlementGateToken,
  getTollgateToken,
  InjectTollgate,
  RequireEntitlement,
  TOLLGATE_OPTIONS,
  TollgateModule,
  type TollgateModuleOptions,
  type TollgateOptionsFactory,
} from '../src/index.js';
import { offlineClient, offlineOptions } from './offline-client.js';

const customer = () => 'acme';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  // Closing an application that did not start fails once more in Nest 11.
  await Promise.allSettled(open.splice(0).map((item) => item.close()));
});

function borrowed(): Tollgate {
  const client = offlineClient();
  open.push(client);
  return client;
}

async function started(imports: NonNullable<Parameters<typeof Module>[0]['imports']>, providers: never[] | [] = []) {
  const app = await Test.createTestingModule({ imports, providers }).compile();
  open.push(app);
  return app.init();
}

const isClosed = (client: Tollgate): Promise<boolean> =>
  client.provisionCustomer({ customerId: 'acme' }).then(
    () => false,
    (error) => error.code === 'CLOSED',
  );

it('injects the client by its class into any module [nest.1]', async () => {
  const client = borrowed();
  @Injectable()
  class Reports {
    constructor(@Inject(Tollgate) readonly tollgate: Tollgate) {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const app = await started([TollgateModule.forRoot({ client, customer }), FeatureModule]);
  expect(app.get(Reports, { strict: false }).tollgate).toBe(client);
});

it('keeps instances with names apart [nest.1]', async () => {
  const [main, eu] = [borrowed(), borrowed()];
  @Injectable()
  class Reports {
    constructor(
      @InjectTollgate() readonly main: Tollgate,
      @InjectTollgate('eu') readonly eu: Tollgate,
    ) {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const app = await started([
    TollgateModule.forRoot({ client: main, customer }),
    TollgateModule.forRoot({ client: eu, customer, name: 'eu' }),
    FeatureModule,
  ]);
  const reports = app.get(Reports, { strict: false });
  expect(reports.main).toBe(main);
  expect(reports.eu).toBe(eu);
});

it('opens one client when the module is imported twice with the same options [nest.1]', async () => {
  @Module({ imports: [TollgateModule.forRoot({ client: { ...offlineOptions }, customer })] })
  class One {}
  @Module({ imports: [TollgateModule.forRoot({ client: { ...offlineOptions }, customer })] })
  class Two {}
  const app = await started([One, Two]);
  const clients = app.get<Tollgate[]>(Tollgate as never, { strict: false, each: true });
  expect(clients).toHaveLength(2);
  expect(clients[0]).toBe(clients[1]);
});

it('refuses two configurations under one name [nest.1]', async () => {
  const imports = [
    TollgateModule.forRoot({ client: borrowed(), customer }),
    TollgateModule.forRoot({ client: borrowed(), customer }),
  ];
  await expect(started(imports)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'name' });
});

it('is not visible to other modules with isGlobal: false [nest.1]', async () => {
  @Injectable()
  class Reports {
    constructor(@Inject(Tollgate) readonly tollgate: Tollgate) {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const client = borrowed();
  const options = { useFactory: () => ({ client, customer }), isGlobal: false };
  await expect(started([TollgateModule.forRootAsync(options), FeatureModule])).rejects.toThrow(/Reports/);
});

@Injectable()
class Settings implements TollgateOptionsFactory {
  static client: Tollgate;
  createTollgateOptions(): TollgateModuleOptions {
    return { client: Settings.client, customer };
  }
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

it.each([
  [
    'useFactory with injected imports',
    () =>
      TollgateModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => settings.createTollgateOptions(),
      }),
  ],
  ['useClass', () => TollgateModule.forRootAsync({ useClass: Settings })],
  ['useExisting', () => TollgateModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings })],
  [
    'extra providers for the factory',
    () =>
      TollgateModule.forRootAsync({
        extraProviders: [Settings],
        inject: [Settings],
        useFactory: (settings: Settings) => settings.createTollgateOptions(),
      }),
  ],
])('takes its options from %s [nest.1]', async (_way, module) => {
  Settings.client = borrowed();
  const app = await started([module()]);
  expect(app.get(Tollgate as never, { strict: false })).toBe(Settings.client);
});

it('closes a client that it opened, and no other [nest.10]', async () => {
  const client = borrowed();
  const app = await started([
    TollgateModule.forRoot({ client, customer }),
    TollgateModule.forRoot({ client: offlineOptions, customer, name: 'owned' }),
  ]);
  const owned = app.get<Tollgate>(getTollgateToken('owned') as never, { strict: false });
  const isOwnedClosedAtFirst = await isClosed(owned);
  await app.close();
  expect(isOwnedClosedAtFirst).toBe(false);
  expect(await isClosed(owned)).toBe(true);
  expect(await isClosed(client)).toBe(false);
});

it('enforces with the client that a test puts in place of the configured one [nest.11]', async () => {
  const replacement = borrowed();
  const builder = Test.createTestingModule({ imports: [TollgateModule.forRoot({ client: offlineOptions, customer })] });
  const app = await builder.overrideProvider(Tollgate).useValue(replacement).compile();
  open.push(app);
  await app.init();
  expect(app.get(Tollgate as never, { strict: false })).toBe(replacement);
  await app.close();
  expect(await isClosed(replacement)).toBe(false);
});

it('exports the token of everything that it provides, and the guard classes [nest.11]', async () => {
  const client = borrowed();
  const app = await started([TollgateModule.forRoot({ client, customer, name: 'eu' })]);
  const get = (token: unknown) => app.get(token as never, { strict: false });
  const owner: ClientOwner = get(getClientOwnerToken('eu'));
  const gate: EntitlementGate = get(getEntitlementGateToken('eu'));
  expect(get(getTollgateToken('eu'))).toBe(client);
  expect(owner.client()).toBe(client);
  expect(gate.admit).toBeTypeOf('function');
  expect(get(TOLLGATE_OPTIONS)).toMatchObject({ client });
  expect(get(EntitlementCalls)).toBeInstanceOf(EntitlementCalls);
  expect(new EntitlementGuard(get(EntitlementCalls)).canActivate).toBeTypeOf('function');
});

it('fails the start for an instance that the application does not have', async () => {
  @Controller()
  class Reports {
    @Get()
    @RequireEntitlement('feature-granted', { instance: 'us' })
    list() {}
  }
  @Module({ controllers: [Reports] })
  class FeatureModule {}
  const imports = [TollgateModule.forRoot({ client: borrowed(), customer }), FeatureModule];
  await expect(started(imports)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'Reports.list' });
});

it('fails the start for a requirement on something that nothing calls', async () => {
  @Injectable()
  class Reports {
    @RequireEntitlement('feature-granted')
    list() {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const imports = [TollgateModule.forRoot({ client: borrowed(), customer }), FeatureModule];
  await expect(started(imports)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'Reports.list' });
});

it('fails the start for a class that requires something and has nothing that is called', async () => {
  @Injectable()
  @RequireEntitlement('feature-granted')
  class Reports {
    list() {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const imports = [TollgateModule.forRoot({ client: borrowed(), customer }), FeatureModule];
  await expect(started(imports)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'Reports.list' });
});

it.each([
  { per: 'operation', called: 'a route', decorate: Get() },
  { per: 'event', called: 'a route', decorate: Get() },
  { per: 'operation', called: 'a message', decorate: MessagePattern('list') },
  { per: 'event', called: 'a GraphQL query', decorate: Query() },
] as const)("fails the start for per: '$per' on $called [nest.6c]", async ({ per, decorate }) => {
  @Controller()
  class Reports {
    @RequireEntitlement('feature-granted', { per })
    list() {}
  }
  const list = Object.getOwnPropertyDescriptor(Reports.prototype, 'list') as PropertyDescriptor;
  decorate(Reports.prototype, 'list', list);
  @Module({ controllers: [Reports] })
  class FeatureModule {}
  const imports = [TollgateModule.forRoot({ client: borrowed(), customer }), FeatureModule];
  await expect(started(imports)).rejects.toMatchObject({
    code: 'CONFIGURATION',
    field: 'Reports.list',
    message: expect.stringContaining(`per: '${per}'`),
  });
});

it('refuses a per that it does not know', () => {
  expect(() => RequireEntitlement('feature-granted', { per: 'field' as never })).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION', field: 'per' }),
  );
});

it('takes what a gateway requires for its messages, and leaves its other methods alone [nest.6d]', async () => {
  @WebSocketGateway()
  @RequireEntitlement('feature-granted')
  class Reports {
    @SubscribeMessage('list')
    list() {}
    helper() {}
  }
  @Module({ providers: [Reports] })
  class FeatureModule {}
  const app = await started([TollgateModule.forRoot({ client: borrowed(), customer }), FeatureModule]);
  await app.close();
});

it('fails the start, and closes what it opened, for a requirement that nobody pays for', async () => {
  @Controller()
  class Reports {
    @Get()
    @RequireEntitlement('feature-granted')
    list() {}
  }
  const module = await Test.createTestingModule({
    imports: [TollgateModule.forRoot({ client: offlineOptions })],
    controllers: [Reports],
  }).compile();
  await expect(module.init()).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'Reports.list' });
  expect(await isClosed(module.get(Tollgate as never, { strict: false }))).toBe(true);
});

it('refuses an option that it does not know', async () => {
  const options = { client: borrowed(), customer, onUnavailabel: 'allow' };
  await expect(started([TollgateModule.forRoot(options)])).rejects.toMatchObject({
    code: 'CONFIGURATION',
    field: 'onUnavailabel',
  });
});
