import express from 'express4';
import { inject } from 'vitest';
import { expressVariant } from '../src/express-variant.js';
import { gateSuite } from '../src/gate-suite.js';

gateSuite(expressVariant('Express 4', express), inject('postgresUrl'));
