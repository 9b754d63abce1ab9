export { importCycles, wrongArrows, wrongEngineOrder } from './arrows.js';
export { brokenLinks, misnumberedDecisions } from './documents.js';
export {
  type Incident,
  knownBadPackages,
  lockedPackages,
  looseVersions,
  unexplainedDependencies,
  unpinnedPackages,
} from './supply-chain.js';
export * from './tidy.js';
export { type Finding, readTree, type SourceFile, type Tree } from './tree.js';
