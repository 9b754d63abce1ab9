export { type EntitlementsHandler, entitlementsHandler } from './entitlements-handler.js';
export { type TollgatePluginOptions, tollgatePlugin } from './tollgate-plugin.js';
export type { ProtectedRoute, RequirementHook, TollgateScope } from './tollgate-scope.js';
export { type Typed, typed } from './typed.js';
