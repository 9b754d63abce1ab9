import { FastifyAdapter } from '@nestjs/platform-fastify';
import { inject } from 'vitest';
import { gateSuite } from '../src/gate-suite.js';
import { nestVariant } from '../src/nest-variant.js';

const variant = nestVariant('Nest on Fastify', () => new FastifyAdapter({ forceCloseConnections: true }));
gateSuite(variant, inject('postgresUrl'));
