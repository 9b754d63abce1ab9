import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express5 from 'express';
import express4 from 'express4';
import { expressVariant } from './express-variant.js';
import { fastifyVariant } from './fastify-variant.js';
import type { GateVariant } from './gate-variant.js';
import { honoVariant } from './hono-variant.js';
import { nestVariant } from './nest-variant.js';

/** Every adapter, on every framework that it is for. */
export const httpVariants: readonly GateVariant[] = [
  expressVariant('Express 4', express4),
  expressVariant('Express 5', express5),
  fastifyVariant,
  honoVariant,
  nestVariant('Nest on Express', () => new ExpressAdapter()),
  nestVariant('Nest on Fastify', () => new FastifyAdapter({ forceCloseConnections: true })),
];
