import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows the connections on which no request has come yet: clients open some ahead of need. Node counts them neither as
 * idle nor as under way, so a stopping server would wait a minute for the first line of a request that never comes.
 */
export function silentConnections(http: Server): { end(): void } {
  const silent = new Set<Socket>();
  let isEnding = false;
  const spoke = ({ socket }: IncomingMessage): void => {
    silent.delete(socket);
  };
  http.on('connection', (socket: Socket) => {
    if (isEnding) {
      socket.destroy();
      return;
    }
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  http.on('request', spoke);
  http.on('upgrade', spoke);
  return {
    end() {
      isEnding = true;
      for (const socket of silent) socket.destroy();
    },
  };
}
