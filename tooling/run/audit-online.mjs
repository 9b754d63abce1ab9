// Asks the registry for known vulnerabilities of what the lockfile installs. Offline, `npm test` compares the lockfile
// with a committed list; this is the question that only a registry can answer. Silence is never taken for a yes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.mjs';

const NOT_CHECKED = 2;

/** @param {string} output */
function parse(output) {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { stdout, stderr, error } = spawnSync('npx', ['--yes', packageManager, 'audit', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 120_000,
  maxBuffer: 64 * 1024 * 1024,
});
const answer = parse(stdout ?? '');
const counts = answer?.metadata?.vulnerabilities;

if (!counts) {
  const reason =
    answer?.error?.message ?? error?.message ?? (`${stderr}${stdout}`.trim().split('\n').at(-1) || 'no answer');
  console.log(`NOT CHECKED: the registry did not answer the audit (${reason})`);
  process.exitCode = NOT_CHECKED;
} else {
  const advisories = Object.values(answer.advisories ?? {});
  for (const { severity, module_name, vulnerable_versions, title, url } of advisories) {
    console.log(`${severity}: ${module_name} ${vulnerable_versions}: ${title} ${url}`);
  }
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(found === 0 ? 'Checked: no known vulnerability.' : `Checked: ${found} known vulnerabilities.`);
  process.exitCode = found === 0 ? 0 : 1;
}
