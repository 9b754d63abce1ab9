export {
  type ProtectedRoute,
  type TollgatePluginOptions,
  type TollgateScope,
  tollgatePlugin,
} from './tollgate-plugin.js';
