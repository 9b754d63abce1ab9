export { TollgateProvider, type TollgateProviderOptions } from './tollgate-provider.js';
