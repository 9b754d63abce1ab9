import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Tollgate } from '@tollgate/client';
import { TollgateModule } from '@tollgate/nestjs';
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
    controllers: [ReportingController],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  return app;
}
