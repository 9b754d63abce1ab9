import { typeDefs } from '@tollgate/contract/schema';
import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { type RequestContext, resolvers } from './resolvers.js';
import { defineScalar } from './scalars.js';

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;
type RootFields = Record<string, Resolve | { subscribe: Resolve; resolve: Resolve }>;

/** The contract's schema with its rules and resolvers: the one thing that HTTP, WebSocket and embedded calls run. */
export function executableSchema(): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && !isSpecifiedScalarType(type)) defineScalar(type);
  }
  for (const [typeName, rootFields] of Object.entries(resolvers)) attach(schema, typeName, rootFields as RootFields);
  return schema;
}

function attach(schema: GraphQLSchema, typeName: string, rootFields: RootFields): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`the schema has no type ${typeName}`);
  const fields = type.getFields();
  for (const name of Object.keys(fields)) {
    if (!rootFields[name]) throw new Error(`${typeName}.${name} has no resolver`);
  }
  for (const [name, resolver] of Object.entries(rootFields)) {
    const field = fields[name];
    if (!field) throw new Error(`the schema has no field ${typeName}.${name}`);
    if (typeof resolver === 'function') field.resolve = resolver;
    else Object.assign(field, resolver);
  }
}
