import { type TestTitle, testTitles } from './test-titles.js';
import type { Finding, Tree } from './tree.js';

const document = 'docs/FEATURES.md';
const schema = 'packages/contract/src/schema.graphql';

/** What a row may say in place of a behaviour: then it names no test. */
const PHRASES = ['kept and returned for the billing provider', 'not yet'];

/** The calls whose fields are listed, by the operation that carries them. */
const CALLS: Readonly<Record<string, string>> = {
  provisionCustomer: 'provisionCustomer',
  createCustomer: 'createCustomer',
  updateCustomer: 'updateCustomer',
  detachCustomerPaymentMethod: 'detachCustomerPaymentMethod',
  archiveCustomer: 'archiveCustomer',
  unarchiveCustomer: 'unarchiveCustomer',
  importCustomerBulk: 'importCustomers',
  provisionSubscription: 'provisionSubscription',
  applySubscription: 'applySubscription',
  updateSubscription: 'updateSubscription',
  cancelSubscription: 'cancelSubscription',
  cancelSubscriptionScheduledUpdates: 'cancelSubscriptionScheduledUpdates',
  migrateSubscriptionToLatest: 'migrateSubscriptionToLatest',
  transferSubscription: 'transferSubscription',
  transferSubscriptionToResource: 'transferSubscriptionToResource',
  delegateSubscriptionToCustomer: 'delegateSubscriptionToCustomer',
  importSubscriptionBulk: 'importSubscriptions',
  grantPromotionalEntitlements: 'grantPromotionalEntitlements',
  revokePromotionalEntitlements: 'revokePromotionalEntitlements',
  grantPromotionalEntitlementsGroup: 'grantPromotionalEntitlementsGroup',
  revokePromotionalEntitlementsGroup: 'revokePromotionalEntitlementsGroup',
  unlinkPromotionalEntitlementsGroup: 'unlinkPromotionalEntitlementsGroup',
};

/** The subscription that comes with a customer, and the older name of `entitlements`: their fields stand with the other. */
const LISTED_ELSEWHERE = ['subscriptionParams', 'subscriptionEntitlements'];

interface FieldRow {
  calls: string[];
  field: string;
  behaviour: string;
  tests: string[];
}

/** Where the table of input fields, the schema and the tests disagree. */
export function inputFieldGaps(tree: Tree): Finding[] {
  const rows = fieldRows(tree.find(({ path }) => path === document)?.text ?? '');
  const titles = testTitles(tree);
  const listed = new Set(rows.flatMap(({ calls, field }) => calls.map((call) => `${call} ${field}`)));
  const there = schemaFields(tree.find(({ path }) => path === schema)?.text ?? '');
  return [
    ...rows.flatMap((row) => rowGaps(row, titles)),
    ...[...there].filter((name) => !listed.has(name)).map((name) => `${name}: is an input field without a row`),
    ...[...listed].filter((name) => !there.has(name)).map((name) => `${name}: has a row, but is no input field`),
  ].map((problem) => ({ path: document, problem }));
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

function fieldRows(text: string): FieldRow[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))
    .filter((cells) => cells.length === 4 && /`/.test(cells[0] ?? ''))
    .map(([calls = '', field = '', behaviour = '', tests = '']) => ({
      calls: quoted(calls),
      field: quoted(field)[0] ?? '',
      behaviour: behaviour.trim(),
      tests: quoted(tests),
    }));
}

function rowGaps({ calls, field, behaviour, tests }: FieldRow, titles: readonly TestTitle[]): string[] {
  const name = `${calls.join(', ')} ${field}`;
  if (PHRASES.includes(behaviour)) return tests.length > 0 ? [`${name}: names a test, but says ${behaviour}`] : [];
  if (behaviour === '') return [`${name}: says nothing`];
  if (tests.length === 0) return [`${name}: names no test`];
  return tests.flatMap((named) => {
    const [path = '', wanted = ''] = named.split(/: (.*)/s);
    const isThere = titles.some((found) => found.path === path && found.title === wanted);
    return isThere ? [] : [`${name}: there is no test "${wanted}" in ${path}`];
  });
}

/** `call field` for every field of every call; a field of a nested input follows its parent after a dot. */
function schemaFields(text: string): Set<string> {
  const inputs = new Map<string, Map<string, string>>();
  for (const [, name = '', body = ''] of text.matchAll(/^input (\w+) \{\n([^}]*)\}/gm)) {
    inputs.set(
      name,
      new Map([...body.matchAll(/^ {2}(\w+): \[?(\w+)/gm)].map((match) => [match[1] ?? '', match[2] ?? ''])),
    );
  }
  const fieldsOf = (type: string): string[] =>
    [...(inputs.get(type) ?? [])].flatMap(([field, fieldType]) => {
      const inner = LISTED_ELSEWHERE.includes(field) ? [] : fieldsOf(fieldType);
      return inner.length > 0 ? inner.map((name) => `${field}.${name}`) : [field];
    });
  const mutations = /^type Mutation \{\n([\s\S]*?)^\}/m.exec(text)?.[1] ?? '';
  return new Set(
    Object.entries(CALLS).flatMap(([call, operation]) => {
      const given = new RegExp(`^ {2}${operation}\\(([^)]*)\\)`, 'm').exec(mutations)?.[1] ?? '';
      const args = [...given.matchAll(/(\w+): \[?(\w+)/g)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);
      return args.flatMap(([argument, type]) => {
        const fields = fieldsOf(type);
        return (fields.length > 0 ? fields : [argument]).map((field) => `${call} ${field}`);
      });
    }),
  );
}
