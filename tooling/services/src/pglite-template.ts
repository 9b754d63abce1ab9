import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A migrated, empty PGlite database as a file. Making one takes seconds and much memory, so it is kept beside the
 * dependencies, under a name that changes with the migrations and with PGlite.
 */
export async function pgliteTemplate(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'tollgate');
  const file = join(folder, `pglite-${fingerprint()}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  // Another run may be making the same one: each writes its own file, and the last rename wins.
  const unfinished = `${file}.${process.pid}`;
  const { createPgliteTemplate } = await import('@tollgate/engine');
  await createPgliteTemplate(unfinished);
  renameSync(unfinished, file);
  return file;
}

function fingerprint(): string {
  const engine = join(root, 'packages', 'engine');
  const pglite = dirname(createRequire(join(engine, 'package.json')).resolve('@electric-sql/pglite'));
  return createHash('sha256')
    .update(readFileSync(join(engine, 'src', 'storage', 'migrations.generated.ts')))
    .update(readFileSync(join(pglite, '..', 'package.json')))
    .digest('hex')
    .slice(0, 16);
}
