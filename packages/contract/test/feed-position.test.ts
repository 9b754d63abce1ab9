import { expect, test } from 'vitest';
import {
  formatCursor,
  hasCursorReached,
  hasReached,
  hasSeen,
  parseCursor,
  parsePosition,
} from '../src/feed-position.js';

function position(text: string) {
  const parsed = parsePosition(text);
  if (!parsed) throw new Error(`${text} is no position`);
  return parsed;
}

test('a position saw what is below its xmax and was not running', () => {
  const at = position('10:20:10,15');
  expect([9n, 10n, 11n, 15n, 19n, 20n, 21n].filter((xid) => hasSeen(at, xid))).toEqual([9n, 11n, 19n]);
});

test.each([
  ['10:20:10,15', '10:20:10,15', true],
  ['15:20:15', '10:20:10,15', true],
  ['10:20:10,15', '15:20:15', false],
  ['10:25:10,15,22', '10:20:10,15', true],
  ['10:25:10,17', '10:20:10,15', false],
  ['20:20:', '10:20:10,15', true],
  ['20:20:', '21:21:', false],
])('%s has seen all that %s has: %s', (later, earlier, expected) => {
  expect(hasReached(position(later), position(earlier))).toBe(expected);
});

test.each([
  '',
  '10',
  '10:20',
  '20:10:',
  '10:20:5',
  '10:20:20',
  '10:20:12,11',
  '10:20:11,11',
  '10:20:11,',
  '0:20:',
  'a:b:c',
])('"%s" is no position', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

test('a cursor gives back the epoch and the position it was made of', () => {
  expect(formatCursor('0190-ab', position('10:20:10'))).toBe('0190-ab/10:20:10');
  expect(parseCursor('0190-ab/10:20:10')).toEqual({ epoch: '0190-ab', position: position('10:20:10') });
  expect(['', 'x', 'x/y', 'x/1:1:/z'].map(parseCursor)).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  ['0190-ab/20:20:', '0190-ab/10:20:10', true],
  ['0190-ab/10:20:10', '0190-ab/10:20:10', true],
  ['0190-ab/10:20:10', '0190-ab/20:20:', false],
  ['0190-cd/20:20:', '0190-ab/10:20:10', false],
  ['anything', '0190-ab/10:20:10', false],
  ['0190-ab/20:20:', 'anything', false],
])('whoever read up to %s has heard of what came before %s: %s', (later, earlier, expected) => {
  expect(hasCursorReached(later, earlier)).toBe(expected);
});
