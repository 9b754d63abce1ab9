import { remote } from '@tollgate/client/remote';
import { embeddedTransport, readCatalog, testClock } from '@tollgate/server/embedded';
import { type EngineHost, memoryHost, postgresHost } from './engine-host.js';
import { environmentOn } from './environment-on.js';
import { type NewEnvironment, newEnvironment } from './new-environment.js';
import type { CheckedStackOptions, HttpStack, TestStack } from './stack.js';

/** An environment in this process: in the database that all stacks of the process share, or in a schema of its own. */
export async function openStack(options: CheckedStackOptions): Promise<TestStack | HttpStack> {
  const { catalog, storage, transport, sweeper, billing, template } = options;
  const clock = testClock(options.now);
  const document = typeof catalog === 'string' ? (await readCatalog(catalog)).document : catalog;
  const host = storage === 'pglite' ? await memoryHost(template, billing) : await postgresHost(storage, billing);
  try {
    const opened = await newEnvironment(host.engine, { document, clock, sweeper });
    return transport === 'http' ? await httpStack(host, opened) : embeddedStack(host, opened);
  } catch (error) {
    await host.release();
    throw error;
  }
}

function embeddedStack(host: EngineHost, { environment: engine, clock, move }: NewEnvironment): TestStack {
  const transport = embeddedTransport(engine, clock);
  return { ...environmentOn({ transport, now: clock.now, move, close: host.release }), engine };
}

async function httpStack(host: EngineHost, opened: NewEnvironment): Promise<HttpStack> {
  const { environment: engine, clock, move } = opened;
  // Loaded only when a stack asks for it: the server's libraries take a moment.
  const { startServer } = await import('@tollgate/server');
  const apiKey = await host.engine.createApiKey(engine.environmentId, 'server', clock.now());
  const server = await startServer({ engine: host.engine, clock, checkReady: host.checkReady, port: 0 });
  const close = async () => {
    await server.close();
    await host.release();
  };
  const transport = remote({ apiKey, baseUri: server.url });
  return { ...environmentOn({ transport, now: clock.now, move, close }), engine, url: server.url, apiKey };
}
