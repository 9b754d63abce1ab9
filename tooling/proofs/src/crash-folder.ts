import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, openDatabase } from '@tollgate/engine';
import { pgliteTemplate } from '@tollgate/services';
import fc from 'fast-check';
import { countedDebits } from './crash-load.js';
import { expectSame, until } from './until.js';

/** Kills processes with an engine on a folder while they write. Returns how many debits they made. */
export async function killFolderWriters(kills: number, seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-crash-'));
  try {
    const acks = fc.sample(fc.integer({ min: 1, max: 150 }), { seed, numRuns: kills });
    let made = 0;
    for (const more of acks) made = await killWriter(folder, made + more);
    return made;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills a writer once this many debits are acknowledged, counting those of writers before it. Returns how many are. */
async function killWriter(folder: string, acks: number): Promise<number> {
  const [data, log] = [join(folder, 'data'), join(folder, 'acknowledged')];
  const program = join(import.meta.dirname, '../dist/folder-writer.js');
  const args = [program, data, log, await pgliteTemplate()];
  const writer = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const acknowledged = (): number[] =>
    existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  try {
    const isOver = ({ length }: number[]): boolean => length >= acks || writer.exitCode !== null;
    await until(async () => acknowledged(), isOver, 'debits of an embedded engine');
  } finally {
    await kill(writer);
  }
  if (writer.exitCode !== null) throw new Error(`the writer ended by itself with code ${writer.exitCode}`);

  const database = await openDatabase(data);
  try {
    const { credits } = await countedDebits(database);
    const missing = acknowledged().filter((number) => credits.get(number) !== 1);
    expectSame(missing, [], 'acknowledged debits of an embedded engine that are not counted once');
    expectSame(
      [...credits].filter(([, times]) => times > 1),
      [],
      'debits of an embedded engine that are counted twice',
    );
    const engine = await createEngine({ database });
    const environment = await engine.environment('folder');
    expectSame(await environment.verify(Date.now()), [], 'differences that verify finds in a folder');
    await engine.close();
  } finally {
    await database.close();
  }
  return acknowledged().length;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
