import express from 'express';
import { inject } from 'vitest';
import { expressVariant } from '../src/express-variant.js';
import { gateSuite } from '../src/gate-suite.js';

gateSuite(expressVariant('Express 5', express), inject('postgresUrl'));
