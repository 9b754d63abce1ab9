export {
  type ProtectedRoute,
  type TollgatePluginOptions,
  type TollgateScope,
  tollgatePlugin,
  typed,
} from './tollgate-plugin.js';
