/** `@tollgate/nestjs/swagger`: what entitlements add to an OpenAPI document of `@nestjs/swagger`. */
export { createDocument } from './entitlement-document.js';
