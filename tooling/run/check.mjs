// What can be said in seconds and without a service: `npm run check`. It writes nothing but the build.
import { FORMAT_AND_LINT, failing, IMPORTS, TYPES_AND_BUILD } from './steps.mjs';

const TIDY = {
  name: 'arrows, tidiness, supply chain',
  command: 'vitest',
  args: ['run', '--config', 'tooling/checks/vitest.config.ts', '--reporter=dot'],
};
const failed = failing([FORMAT_AND_LINT, TYPES_AND_BUILD, IMPORTS, TIDY]);
console.log(failed.length === 0 ? '\nAll checks pass.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
