import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const packageFolder = join(import.meta.dirname, '..');

/** Tests run on sources, which Node cannot load by itself, so what a second process runs is bundled first. */
export async function bundleChild(entry: string): Promise<{ path: string; remove(): void }> {
  const folder = join(packageFolder, 'node_modules', '.cache', `child-${process.pid}-${entry}`);
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@tollgate/contract': join(packageFolder, '..', 'contract', 'src', 'index.ts') } },
    ssr: { noExternal: ['@tollgate/contract'] },
    build: {
      ssr: join(import.meta.dirname, `${entry}.ts`),
      outDir: folder,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  return { path: join(folder, 'child.mjs'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Child {
  pid: number;
  /** What the child said first. */
  answer: unknown;
  kill(): Promise<void>;
}

export async function startChild(path: string, args: string[]): Promise<Child> {
  const child: ChildProcess = fork(path, args);
  const exit = once(child, 'exit');
  const [answer] = await Promise.race([
    once(child, 'message'),
    exit.then(() => Promise.reject(new Error('the child ended before it said anything'))),
  ]);
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  return { pid: child.pid ?? 0, answer, kill };
}
