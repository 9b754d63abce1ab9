// The keys under which Nest's libraries keep what a method handles. They are read by name, because none of these
// libraries need be there. A test of each library shows that the name is still the right one.
const messageMapping = 'websockets:message_mapping';
const messagePattern = 'microservices:pattern';
const resolverType = 'graphql:resolver_type';
const fieldMarks = ['graphql:resolve_property', 'graphql:resolve_reference'];
const operationTypes: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** What calls a method: a message, a GraphQL operation or field; undefined for HTTP routes and everything else. */
export type HandlerKind = 'ws' | 'rpc' | 'graphql-operation' | 'graphql-subscription' | 'graphql-field';

/** Reads it from the metadata of the handler and its class. */
export function handlerKindOf(host: object, handler: object): HandlerKind | undefined {
  if (Reflect.hasMetadata(messageMapping, handler)) return 'ws';
  if (Reflect.hasMetadata(messagePattern, handler)) return 'rpc';
  const type: unknown = Reflect.getMetadata(resolverType, handler) ?? Reflect.getMetadata(resolverType, host);
  if (type === 'Subscription') return 'graphql-subscription';
  if (operationTypes.includes(type)) return 'graphql-operation';
  return fieldMarks.some((mark) => Reflect.hasMetadata(mark, handler)) ? 'graphql-field' : undefined;
}

/** The name of the field that a resolver's method answers. */
export function fieldNameOf(handler: { name: string }): string {
  return (Reflect.getMetadata('graphql:resolver_name', handler) as string | undefined) ?? handler.name;
}
