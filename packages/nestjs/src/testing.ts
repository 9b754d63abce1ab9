/** `@tollgate/nestjs/testing`: a client of the tests in place of those that an application configures. */
export { TollgateTestingModule, type TollgateTestingOptions } from './tollgate-testing.module.js';
