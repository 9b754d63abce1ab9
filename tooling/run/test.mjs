// Everything that must hold, in one run. `npm test` and CI come here.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMAT_AND_LINT, failing, IMPORTS, passes, TYPES_AND_BUILD } from './steps.mjs';

const failed = failing([FORMAT_AND_LINT, TYPES_AND_BUILD, IMPORTS]);

const folder = mkdtempSync(join(tmpdir(), 'tollgate-run-'));
const report = join(folder, 'tests.json');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)];
const testsPass = passes({ name: 'tests', command: 'vitest', args });

let counts = { numPassedTests: 0, numFailedTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  // The runner ended before it could report; its exit code says so.
}
rmSync(folder, { recursive: true, force: true });

// A file that cannot be loaded fails the run without failing a test.
if (!testsPass && counts.numFailedTests === 0) failed.push('tests');
if (testsPass && counts.numPassedTests === 0) failed.push('tests: none was run');
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests + failed.length} failed`);
process.exitCode = testsPass && failed.length === 0 ? 0 : 1;
