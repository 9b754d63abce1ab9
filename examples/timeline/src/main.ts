import { timeline } from './timeline.js';

console.table(await timeline());
