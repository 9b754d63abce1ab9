export { type TestEnvironmentOptions, testEnvironment } from './open-environment.js';
export type { EnvironmentOptions, HttpStack, Served, StackOptions, TestStack } from './stack.js';
export type { StackClock } from './stack-clock.js';
export { startStack } from './start-stack.js';
export type { CustomerRef, Grant, RecordedUsage, StackClientOptions, TestEnvironment } from './test-environment.js';
