import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    experimentalDecorators: true,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
  },
  include: ['**/*.ts'],
};

/** What the compiler says about a file, by line, from 1. */
export type Diagnostics = ReadonlyMap<number, string>;

/**
 * Compiles files, given by name, as one program of somebody who has installed the built packages, and answers what the
 * compiler says, by file. The compiler has no interface for programs, so it is run and its output read.
 */
export async function compile(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Diagnostics>> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-types-'));
  try {
    symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readDiagnostics(await outputOf(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [compiler, '-p', folder, '--pretty', 'false'];
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      const isOver = !error || typeof error.code === 'number';
      if (isOver && stderr === '') resolve(stdout);
      else reject(new Error(`${dirname(compiler)}: ${error?.message} ${stderr}`));
    });
  });
}

function readDiagnostics(output: string): Map<string, Map<number, string>> {
  const found = new Map<string, Map<number, string>>();
  let last: { lines: Map<number, string>; line: number } | undefined;
  for (const text of output.split('\n').filter((each) => each !== '')) {
    const [, file, line, message] = /^(\S+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(text) ?? [];
    if (file !== undefined) {
      const lines = found.get(file) ?? new Map<number, string>();
      found.set(file, lines);
      last = { lines, line: Number(line) };
    } else if (!last) {
      throw new Error(`the compiler said: ${output}`);
    }
    last.lines.set(last.line, `${last.lines.get(last.line) ?? ''}${message ?? text}\n`);
  }
  return found;
}
