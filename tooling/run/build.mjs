// Builds with turbo and says one line; what the compiler has to say is shown only if the build fails.
// Arguments go to turbo: `--filter=@tollgate/proofs...` builds one package and what it depends on.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './steps.mjs';

const started = performance.now();
const args = ['run', 'build', '--output-logs=errors-only', '--log-prefix=none', ...process.argv.slice(2)];
const { status, stdout, stderr, error } = spawnSync(join(root, 'node_modules/.bin/turbo'), args, {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
});
if (status === 0) {
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
} else {
  console.error(error ? String(error) : `${stdout}${stderr}`);
  process.exitCode = 1;
}
