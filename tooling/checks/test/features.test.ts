import { expect, it } from 'vitest';
import { featureGaps } from '../src/features.js';
import { readTree } from '../src/tree.js';

const header = '| release | feature | state | accepts | rejects |\n|---|---|---|---|---|\n';
const methodHeader = '| method | state | test |\n|---|---|---|\n';
const tree = (features: string, tests = '') => [
  { path: 'docs/FEATURES.md', text: features },
  { path: 'tooling/suites/test/a.test.ts', text: tests },
];

it('finds no gap between the feature tables and the tests of this repository', () => {
  expect(featureGaps(readTree(new URL('../../..', import.meta.url).pathname))).toEqual([]);
});

it('counts accepted and rejected cases of a release', () => {
  const features = `${header}| 1.2.3 | x | done | 1 | 2 |\n`;
  const tests = "it('1.2.3 accepts a', () => {});\nit('1.2.3 rejects b', () => {});\n";
  expect(featureGaps(tree(features, `${tests}it('1.2.3 rejects c', () => {});`))).toEqual([]);
  expect(featureGaps(tree(features, tests))).toHaveLength(1);
});

it('refuses a release that is done without a test', () => {
  expect(featureGaps(tree(`${header}| 1.2.3 | x | done | 0 | 0 |\n`))).toHaveLength(1);
});

it('refuses tests of a release that has no row', () => {
  expect(featureGaps(tree(header, "it('9.9.9 accepts a', () => {});"))).toHaveLength(1);
});

it('finds the named test of a method', () => {
  const features = `${methodHeader}| \`close\` | done | \`tooling/suites/test/a.test.ts: closes twice\` |\n`;
  expect(featureGaps(tree(features, "it('closes twice', () => {});"))).toEqual([]);
  expect(featureGaps(tree(features, "it('closes once', () => {});"))).toHaveLength(1);
});

it('refuses a method that is done without a test', () => {
  expect(featureGaps(tree(`${methodHeader}| \`close\` | done | |\n`))).toHaveLength(1);
});

const schema = {
  path: 'packages/contract/src/schema.graphql',
  text: [
    'type Mutation {',
    '  updateCustomer(input: UpdateCustomerInput!): Customer!',
    '  archiveCustomer(customerId: String!): Customer!',
    '}',
    '',
    'input UpdateCustomerInput {',
    '  "Who."',
    '  customerId: String!',
    '  taxIds: [TaxIdInput!]',
    '}',
    '',
    'input TaxIdInput {',
    '  value: String!',
    '}',
  ].join('\n'),
};
const fieldHeader = '| call | field | what it changes | test |\n|---|---|---|---|\n';
const whose =
  '| `updateCustomer`, `archiveCustomer` | `customerId` | whose data | `tooling/suites/test/a.test.ts: says whose` |\n';
const kept = '| `updateCustomer` | `taxIds.value` | kept and returned for the billing provider | |\n';
const fieldGaps = (rows: string, tests = "it('says whose', () => {});") =>
  featureGaps([...tree(fieldHeader + rows, tests), schema]).map(({ problem }) => problem);

it('finds every input field of the schema in the table, nested ones too', () => {
  expect(fieldGaps(whose + kept)).toEqual([]);
  expect(fieldGaps(whose)).toEqual(['updateCustomer taxIds.value: is an input field without a row']);
});

it('refuses a row about a field that there is not', () => {
  expect(fieldGaps(whose + kept + kept.replace('taxIds.value', 'vat'))).toEqual([
    'updateCustomer vat: has a row, but is no input field',
  ]);
});

it('refuses a behaviour without a test, and one whose test is not there', () => {
  expect(fieldGaps(whose.replace(/`tooling.*`/, '') + kept)).toHaveLength(1);
  expect(fieldGaps(whose + kept, "it('says who', () => {});")).toHaveLength(1);
});
