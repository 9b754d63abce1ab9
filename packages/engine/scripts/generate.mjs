// Writes src/storage/migrations.generated.ts from src/storage/migrations/*.sql, because a published package reads no
// files beside itself. With --check it writes nothing and fails when the committed module differs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/storage/migrations', import.meta.url));
const target = fileURLToPath(new URL('../src/storage/migrations.generated.ts', import.meta.url));

const entries = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((file, index) => {
    const [, number, name] = /^(\d{4})_([a-z0-9-]+)\.sql$/.exec(file) ?? [];
    if (Number(number) !== index + 1)
      throw new Error(`${file}: expected ${String(index + 1).padStart(4, '0')}_name.sql`);
    return { number: index + 1, name, sql: readFileSync(`${folder}/${file}`, 'utf8') };
  });

const content = `// Generated from migrations/*.sql by scripts/generate.mjs.
export interface Migration {
  number: number;
  name: string;
  sql: string;
}

export const migrations: readonly Migration[] = ${JSON.stringify(entries, null, 2)};
`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, content);
} else if (readFileSync(target, 'utf8') !== content) {
  console.error('migrations.generated.ts differs from migrations/*.sql: run "pnpm --filter @tollgate/engine generate"');
  process.exit(1);
}
