import type { ModulesContainer } from '@nestjs/core';
import type { GraphQLSchema } from 'graphql';

/** One `GraphQLModule` of the application: what the checks need to know of it. */
export interface GraphqlModule {
  /** Whether interceptors run before its field resolvers. */
  readonly interceptsFields: boolean;
  /** Whether it answers with the resolvers of a module. */
  serves(module: unknown): boolean;
  readonly schema: GraphQLSchema | undefined;
}

interface Options {
  include?: readonly unknown[];
  fieldResolverEnhancers?: readonly string[];
}

/** Finds them by what `@nestjs/graphql` registers: the library itself need not be there. */
export function graphqlModulesOf(application: ModulesContainer): GraphqlModule[] {
  return [...application.values()].flatMap(({ providers }) => {
    const options = providers.get('GqlModuleOptions')?.instance as Options | undefined;
    if (!options) return [];
    const { include = [], fieldResolverEnhancers = [] } = options;
    const schemaHost = [...providers.values()].find(({ name }) => name === 'GraphQLSchemaHost')?.instance;
    return {
      interceptsFields: fieldResolverEnhancers.includes('interceptors'),
      serves: (module: unknown) => include.length === 0 || include.includes(module),
      get schema() {
        return (schemaHost as { schema?: GraphQLSchema } | undefined)?.schema;
      },
    };
  });
}
