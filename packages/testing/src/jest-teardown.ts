/* For `globalTeardown` of Jest. */
export { endOfRun as default } from './announce.js';
