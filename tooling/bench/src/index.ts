export { type AddedCpu, addedCpu, type FrameworkCpu, withAddedCpu } from './added-cpu.js';
export { type Comparison, type Figures, measure } from './comparison.js';
export { type Figure, ratioOf, withFigures } from './figure.js';
export { medianMs, unitsPerSecond } from './load.js';
