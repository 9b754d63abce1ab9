import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server of ours answers when all is well. */
export const good = '{"data":{"ping":true},"extensions":{"now":"2026-01-01T00:00:00.000Z","isClockFrozen":false}}';

/** Starts any server on a free port, and ends it with the test. */
export async function listening(server: NetServer): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    // A test that breaks off leaves the other side with an error.
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

export interface HttpServer {
  url: string;
  server: Server;
  /** Every connection that was ever made, in order. */
  sockets: Socket[];
  /** The body of every request, in order. */
  bodies: string[];
}

/** An HTTP server that reads each request to its end, and then answers it. */
export async function httpServer(answer: RequestListener): Promise<HttpServer> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString());
      answer(request, response);
    });
  });
  // Nothing is ended for being idle while a test looks at it.
  server.keepAliveTimeout = 60_000;
  const { port, sockets } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, server, sockets, bodies };
}
