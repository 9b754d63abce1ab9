/* For `globalSetup` of Jest. */
export { startOfRun as default } from './announce.js';
