export type { GateVariant, StartedApp, SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';
export { httpVariants } from './http-variants.js';
