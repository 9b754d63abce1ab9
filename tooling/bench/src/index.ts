export { type Comparison, type Figures, measure } from './comparison.js';
