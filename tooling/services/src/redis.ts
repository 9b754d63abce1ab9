import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { findBinary, freePort, isRoot, type Service, startChild, temporaryFolder } from './child.js';

const STANDARD_URL = 'redis://127.0.0.1:6379';
const BINARIES = ['redis-server', 'valkey-server'];
const INSTALL_LINE =
  'The tests need a Redis server. Install one (Debian: apt-get install redis-server; macOS: brew install redis), or set REDIS_URL.';

async function ping(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}

const answers = (url: string): Promise<boolean> =>
  ping(url).then(
    () => true,
    () => false,
  );

/** Starts a Redis of its own on a free port; further arguments go to the server as they are. */
export async function startRedis(
  args: readonly string[] = [],
  command: string | null = findBinary(BINARIES) ?? null,
): Promise<Service> {
  if (!command) throw new Error(INSTALL_LINE);
  const folder = temporaryFolder('redis');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const defaults = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const close = await startChild({
    command,
    args: [...defaults, ...args],
    folder,
    stopSignal: 'SIGTERM',
    ready: () => ping(url),
  });
  return { url, origin: 'started from this machine', close };
}

/** Debian's package manager, if this run may use it: only as root on a CI machine, which is nobody's own. */
function permittedInstaller(env: NodeJS.ProcessEnv): string | undefined {
  const isPermitted = env.CI === 'true' && isRoot() && existsSync('/etc/debian_version');
  return isPermitted ? findBinary(['apt-get'], env) : undefined;
}

/** No npm package ships a Redis, so a CI machine that has none gets Debian's. */
function installWith(aptGet: string, env: NodeJS.ProcessEnv): void {
  const options = { stdio: 'pipe', env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync(aptGet, ['update', '-qq'], options);
  execFileSync(aptGet, ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], options);
}

/**
 * The Redis for this run: `REDIS_URL`, else the standard port, else a binary of this machine, else, on a Debian CI
 * machine only, one that is installed now. An address that was given and does not answer is an error.
 */
export async function redisService(
  env: NodeJS.ProcessEnv = process.env,
  standardUrl: string = STANDARD_URL,
): Promise<Service> {
  const given = env.REDIS_URL;
  if (given) {
    await ping(given).catch((error: unknown) => {
      throw new Error(`REDIS_URL is set, but no Redis answers there: ${String(error)}`, { cause: error });
    });
    return { url: given, origin: 'REDIS_URL', close: async () => undefined };
  }
  if (await answers(standardUrl))
    return { url: standardUrl, origin: 'the standard port', close: async () => undefined };
  const installer = findBinary(BINARIES, env) ? undefined : permittedInstaller(env);
  if (installer) installWith(installer, env);
  return startRedis([], findBinary(BINARIES, env) ?? null);
}
