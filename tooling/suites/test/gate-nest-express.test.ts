import { ExpressAdapter } from '@nestjs/platform-express';
import { inject } from 'vitest';
import { gateSuite } from '../src/gate-suite.js';
import { nestVariant } from '../src/nest-variant.js';

const variant = nestVariant('Nest on Express', () => new ExpressAdapter());
gateSuite(variant, inject('postgresUrl'));
