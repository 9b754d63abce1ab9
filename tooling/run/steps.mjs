// Runs before anything is built, so it is plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/**
 * A step of a run: a name for the summary, and a command of `node_modules/.bin` with its arguments.
 * @typedef {{ name: string, command: string, args: readonly string[] }} Step
 */

/**
 * Runs one step with its output shown, and says whether it passed.
 * @param {Step} step
 */
export function passes({ name, command, args }) {
  const bin = join(root, 'node_modules/.bin', command);
  if (!existsSync(bin)) {
    console.error(`${command} is not installed: run \`npx --yes pnpm@10.34.9 install\``);
    return false;
  }
  console.log(`\n— ${name}`);
  const { status, signal, error } = spawnSync(bin, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(String(error));
  if (signal) console.error(`${command} was ended by ${signal}`);
  return status === 0;
}

/**
 * Runs all steps, also after one has failed, and returns the names of those that failed.
 * @param {readonly Step[]} steps
 */
export const failing = (steps) => steps.filter((step) => !passes(step)).map(({ name }) => name);

export const FORMAT_AND_LINT = { name: 'format and lint', command: 'biome', args: ['check', '--error-on-warnings'] };
export const TYPES_AND_BUILD = { name: 'types, of tests too', command: 'tsc', args: ['-b'] };
export const IMPORTS = {
  name: 'imports of what is not there',
  command: 'knip',
  args: ['--include', 'unlisted,unresolved', '--no-progress', '--no-config-hints'],
};
