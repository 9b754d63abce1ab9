export { type Clock, systemClock, type TestClock, testClock } from './clock.js';
export { defaultPort } from './default-port.js';
export { createLogger, type LogLevel } from './log.js';
export { type RunningServer, type ServerOptions, startServer } from './server.js';
export { createStack, type Stack, type StackOptions } from './stack.js';
