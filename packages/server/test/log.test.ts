import { TollgateError } from '@tollgate/contract';
import { expect, test } from 'vitest';
import { createLogger, describeError, withoutPasswords } from '../src/log.js';

test('a logged error keeps its cause and loses what drivers hang on it', () => {
  const cause = Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED', parameters: ['s3cret'] });
  const described = describeError(new TollgateError('UNAVAILABLE', 'no database', { cause }));
  expect(described).toMatchObject({
    type: 'TollgateError',
    message: 'no database',
    code: 'UNAVAILABLE',
    cause: { type: 'Error', message: 'connect failed', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(described)).not.toContain('s3cret');
});

test('passwords and API keys never reach the log', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
  const url = 'postgres://app:hunter2@db.example:5432/tollgate';
  logger.error({ err: new TypeError(`cannot open ${url} with tollgate_server_abcDEF-123`) }, 'failed');
  expect(lines.join()).toContain('postgres://app:***@db.example:5432/tollgate');
  expect(lines.join()).not.toMatch(/hunter2|abcDEF/);
  expect(withoutPasswords('redis://:pw@host')).toBe('redis://:***@host');
});
