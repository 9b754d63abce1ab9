import 'reflect-metadata';
import { ApolloDriver } from '@nestjs/apollo';
import { type ExecutionContext, type INestApplication, Module, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { GqlExecutionContext, GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TollgateModule, type TollgateModuleOptions } from '@tollgate/nestjs';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** One GraphQL server under Nest. */
export interface GraphqlServer {
  name: string;
  adapter(): AbstractHttpAdapter;
  options: object;
}

/** Both keep parsed documents, and Mercurius compiles what it has seen once. */
export const graphqlServers: readonly GraphqlServer[] = [
  {
    name: 'Mercurius on Fastify',
    adapter: () => new FastifyAdapter({ forceCloseConnections: true }),
    options: {
      driver: MercuriusDriver,
      jit: 1,
      allowBatchedQueries: true,
      subscription: { context: (_socket: unknown, req: unknown) => ({ req }) },
    },
  },
  {
    name: 'Apollo on Express',
    adapter: () => new ExpressAdapter(),
    options: {
      driver: ApolloDriver,
      allowBatchedHttpRequests: true,
      includeStacktraceInErrorResponses: false,
      graphiql: false,
      subscriptions: { 'graphql-ws': true },
    },
  },
];

/** What a server answers to one operation. */
export interface GraphqlAnswer {
  data: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface GraphqlApp {
  app: INestApplication;
  /** Sends operations as one HTTP request: a text, or several for a batch. */
  post(customerId: string | undefined, operations: string | string[]): Promise<Response>;
  /** The same for one operation, with its answer. */
  query(customerId: string | undefined, operation: string): Promise<GraphqlAnswer>;
  /** A connection for subscriptions, in the name of a customer. Closed with the application. */
  connect(customerId: string): Client;
  close(): Promise<void>;
}

interface Requested {
  req: { headers?: Record<string, string | undefined>; extra?: { request: Requested['req'] } };
}

/** Who a resolver's HTTP request, or the connection of its subscription, names. */
export function graphqlCustomer(context: ExecutionContext): string | undefined {
  const { req } = GqlExecutionContext.create(context).getContext<Requested>();
  return (req.extra?.request ?? req).headers?.['x-customer'];
}

export async function startGraphqlApp(
  server: GraphqlServer,
  typeDefs: string,
  providers: Type[],
  { tollgate, graphql = {} }: { tollgate: TollgateModuleOptions; graphql?: object },
): Promise<GraphqlApp> {
  class AppModule {}
  Module({
    imports: [
      TollgateModule.forRoot({ customer: graphqlCustomer, upgradeUrl: 'https://example.com/upgrade', ...tollgate }),
      GraphQLModule.forRoot({ ...server.options, ...graphql, typeDefs }),
    ],
    providers,
  })(AppModule);
  const app = await NestFactory.create(AppModule, server.adapter(), { logger: false, abortOnError: false });
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const clients: Client[] = [];
  const { port } = app.getHttpServer().address();
  const post = (customerId: string | undefined, operations: string | string[]): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(customerId !== undefined && { 'x-customer': customerId }) },
      body: JSON.stringify(Array.isArray(operations) ? operations.map((query) => ({ query })) : { query: operations }),
    });
  return {
    app,
    post,
    query: async (customerId, operation) => (await post(customerId, operation)).json() as Promise<GraphqlAnswer>,
    connect(customerId) {
      class CustomerSocket extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers: { 'x-customer': customerId } });
        }
      }
      const client = createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: CustomerSocket });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.dispose()));
      await app.close();
    },
  };
}
