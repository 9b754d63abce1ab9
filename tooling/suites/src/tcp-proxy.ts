import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@tollgate/services';

/** Stands between a client and a server, so that a test can cut the way. */
export interface TcpProxy {
  port: number;
  /** Forwards; the state at first. */
  open(): Promise<void>;
  /** Cuts the connections that are there. */
  cut(): void;
  /** Refuses new connections and cuts the old ones. */
  refuse(): Promise<void>;
  /** Accepts connections and forwards nothing: a black hole. Those that are there are dead for good. */
  swallow(): void;
  close(): Promise<void>;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  let server: Server | undefined;

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const dead = new WeakSet<Socket>();
  const forward = (from: Socket, to: Socket): void => {
    if (isSwallowing) dead.add(from);
    from.on('data', (bytes) => {
      if (!dead.has(from)) to.write(bytes);
    });
    from.on('close', () => to.destroy());
  };
  const accept = (incoming: Socket): void => {
    const outgoing = track(connect(targetPort, '127.0.0.1'));
    track(incoming);
    forward(incoming, outgoing);
    forward(outgoing, incoming);
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const refuse = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    cut();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  };

  const proxy: TcpProxy = {
    port,
    open: async () => {
      isSwallowing = false;
      if (server) return;
      const opened = createServer(accept);
      server = opened;
      await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    },
    cut,
    refuse,
    swallow: () => {
      isSwallowing = true;
      for (const socket of sockets) dead.add(socket);
    },
    close: refuse,
  };
  await proxy.open();
  return proxy;
}
