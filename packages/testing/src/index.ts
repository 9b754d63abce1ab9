export type { StackClock } from './stack-clock.js';
export { type HttpStack, type StackOptions, startStack, type TestStack } from './start-stack.js';
