import 'reflect-metadata';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { map } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entitlementsHandler, TollgateModule } from '../src/index.js';
import { platforms, type RunningApp, startApp } from './nest-app.js';
import { offlineOptions } from './offline-client.js';

interface HeaderRequest {
  headers: Record<string, string | undefined>;
  account?: string | undefined;
}

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<HeaderRequest>();

@Injectable()
class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    request.account = request.headers['x-account'];
    if (request.account === undefined) throw new UnauthorizedException('sign in first');
    return true;
  }
}

/** Stands for an application that puts every answer into an envelope. */
@Injectable()
class Envelope implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Controller('me/entitlements')
@UseGuards(SignedIn)
@UseInterceptors(Envelope)
class MyEntitlements extends entitlementsHandler({ features: ['feature-granted'] }) {}

@Controller('eu')
class InEurope extends entitlementsHandler({
  instance: 'eu',
  features: ['feature-eu'],
  customer: () => 'account-eu',
}) {}

describe.each(platforms)('entitlementsHandler on $platform', (platform) => {
  let running: RunningApp;
  beforeAll(async () => {
    const european = { ...offlineOptions, entitlementsFallback: { 'feature-eu': { hasAccess: true } } };
    const root = TollgateModule.forRoot({
      client: offlineOptions,
      customer: (context) => requestOf(context).account ?? requestOf(context).headers['x-customer'],
    });
    const eu = TollgateModule.forRoot({ name: 'eu', client: european });
    const controllers = [entitlementsHandler({ features: ['feature-granted'] }), MyEntitlements, InEurope];
    running = await startApp({ imports: [root, eu], controllers }, platform);
  });
  afterAll(() => running?.app.close());

  const shownBy = async (path: string, headers?: Record<string, string>) => {
    const response = await running.send(path, headers);
    const body = (await response.json()) as { features?: Record<string, { hasAccess: boolean }>; code?: string };
    return [
      response.status,
      body.features ? Object.entries(body.features).map(([id, { hasAccess }]) => [id, hasAccess]) : body,
    ];
  };

  it('is a controller for GET /entitlements as it is [http.7]', async () => {
    expect(await shownBy('/entitlements', { 'x-customer': 'acme' })).toEqual([200, [['feature-granted', true]]]);
    const response = await running.send('/entitlements');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      401,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
  });

  it('takes the path and the guards of a controller that extends it, and sends its answer as it is [http.7]', async () => {
    const refused = await running.send('/me/entitlements');
    expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([401, 'sign in first']);
    const signedIn = { 'x-account': 'acme' };
    expect(await shownBy('/me/entitlements', signedIn)).toEqual([200, [['feature-granted', true]]]);
    const etag = (await running.send('/me/entitlements', signedIn)).headers.get('etag') ?? '';
    const same = await running.send('/me/entitlements', { ...signedIn, 'if-none-match': etag });
    expect([same.status, await same.text()]).toEqual([304, '']);
  });

  it('answers by the instance that it names [http.7]', async () => {
    expect(await shownBy('/eu')).toEqual([200, [['feature-eu', true]]]);
  });

  it('fails the start when the instance that it names is not there [http.7]', async () => {
    class Nowhere extends entitlementsHandler({ instance: 'us' }) {}
    Controller('us')(Nowhere);
    const module = { imports: [TollgateModule.forRoot({ client: offlineOptions })], controllers: [Nowhere] };
    await expect(startApp(module, platform)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: 'Nowhere.entitlements needs a TollgateModule named us, and the application has none',
    });
  });
});
