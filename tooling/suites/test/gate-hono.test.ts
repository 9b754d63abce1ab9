import { inject } from 'vitest';
import { gateSuite } from '../src/gate-suite.js';
import { honoVariant } from '../src/hono-variant.js';

gateSuite(honoVariant, inject('postgresUrl'));
