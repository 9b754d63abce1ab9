import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HotOperationInput, ReportUsageInput } from '@tollgate/contract';

/** What a request brings, as far as tests look at it. */
export interface SentVariables {
  operations?: HotOperationInput[];
  usages?: ReportUsageInput[];
}

/** Stands between a client and a server, and counts the HTTP requests that pass. */
export interface CountingProxy {
  url: string;
  /** The operations of each request that carried hot ones, in the order of their arrival. */
  hotRequests: HotOperationInput[][];
  /** Cuts the connection in place of the answer to what this says yes to. None at first. */
  loseAnswers(isLost: (sent: SentVariables) => boolean): void;
  close(): Promise<void>;
}

interface Body {
  variables?: SentVariables;
}

export async function countingProxy(targetUrl: string): Promise<CountingProxy> {
  const hotRequests: HotOperationInput[][] = [];
  let isLost: (sent: SentVariables) => boolean = () => false;
  const server: Server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then((body) => {
      const { variables } = JSON.parse(body.toString() || '{}') as Body;
      if (variables?.operations) hotRequests.push(variables.operations);
      const { method, headers } = incoming;
      const forwarded = request(targetUrl + (incoming.url ?? ''), { method, headers }, (answer) => {
        if (isLost(variables ?? {})) return void outgoing.destroy();
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      forwarded.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hotRequests,
    loseAnswers(next) {
      isLost = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
