import { expect, it } from 'vitest';
import { adapterPointGaps } from '../src/adapter-points.js';
import { readTree } from '../src/tree.js';

const row = (state: string, decision = '') => `| nest.3 | what it means | ${state} | ${decision} |\n`;
const gaps = (document: string, tests = '') =>
  adapterPointGaps([
    { path: 'docs/ADAPTERS.md', text: document },
    { path: 'tooling/suites/test/a.test.ts', text: tests },
  ]);
// Put together, so that this file itself names no point.
const named = (point: string) => `it('does something [${point}]', () => {});`;

it('finds no gap between the points and the tests of this repository', () => {
  expect(adapterPointGaps(readTree(new URL('../../..', import.meta.url).pathname))).toEqual([]);
});

it('wants a test for a point that is done', () => {
  expect(gaps(row('done'), named('nest.3'))).toEqual([]);
  expect(gaps(row('done'), named('nest.33'))).toHaveLength(2);
});

it('wants a decision for a point that is left out', () => {
  expect(gaps(row('left out', '0188'))).toEqual([]);
  expect(gaps(row('left out'))).toHaveLength(1);
});

it('refuses a state that it does not know, and tests of a point that has no row', () => {
  expect(gaps(row('soon'))).toHaveLength(1);
  expect(gaps('', named('express.2'))).toHaveLength(1);
});
