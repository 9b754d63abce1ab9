export { startProgram } from './program.js';
