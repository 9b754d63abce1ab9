import { inject } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { gateSuite } from '../src/gate-suite.js';

gateSuite(fastifyVariant, inject('postgresUrl'));
