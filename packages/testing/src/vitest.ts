/* For `globalSetup` of vitest. */
export { endOfRun as teardown, startOfRun as setup } from './announce.js';
