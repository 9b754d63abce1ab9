/** `@tollgate/nestjs/terminus`: what a health check of `@nestjs/terminus` asks. */
export { type TollgateHealthCheck, TollgateHealthIndicator } from './tollgate.health.js';
