import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Tollgate } from '@tollgate/client';
import { entitlementsHandler, TollgateModule } from '@tollgate/nestjs';
import { ReportingController } from './reporting.controller.js';

/** The account that pays comes in a header here; in your product it comes from the session or the token. */
export async function createApp(client: Tollgate): Promise<INestApplication> {
  @Module({
    imports: [
      TollgateModule.forRoot({
        client,
        customer: (context) => context.switchToHttp().getRequest().headers['x-account'],
      }),
    ],
    controllers: [
      ReportingController,
      // GET /entitlements: what the account has, for the pages of the product. They show what the routes enforce.
      entitlementsHandler({ features: ['feature-sso', 'feature-projects', 'feature-reports'] }),
    ],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  return app;
}
