import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { typeDefs } from '../src/schema.js';

const folder = join(import.meta.dirname, '..');

it('has generated files that match the schema and the operations', () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: folder, stdio: 'pipe' }),
  ).not.toThrow();
});

it('ships the schema as it is written', () => {
  expect(typeDefs).toBe(readFileSync(join(folder, 'src/schema.graphql'), 'utf8'));
});

it('names every type and field of the schema once in a form that parses', () => {
  const schema = buildSchema(typeDefs);
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  expect(types.filter((type) => isObjectType(type) || isInputObjectType(type)).length).toBeGreaterThan(20);
});
