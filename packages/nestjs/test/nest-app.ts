import { type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

interface Platform {
  platform: string;
  adapter(): AbstractHttpAdapter;
}

export const platforms: readonly [Platform, Platform] = [
  { platform: 'Express', adapter: () => new ExpressAdapter() },
  { platform: 'Fastify', adapter: () => new FastifyAdapter() },
];

export interface RunningApp {
  app: INestApplication;
  /** Sends a request; `x-customer` names who pays. */
  send(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** An application of one module that listens on a free port. */
export async function startApp(metadata: ModuleMetadata, platform: Platform): Promise<RunningApp> {
  class AppModule {}
  Module(metadata)(AppModule);
  const app = await NestFactory.create(AppModule, platform.adapter(), { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, send: (path, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers }) };
}
