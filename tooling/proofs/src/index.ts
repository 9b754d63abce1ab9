export { type Result, withResult } from './page.js';
export { count, type Length, type Proof } from './proof.js';
export { findProof, proofs } from './registry.js';
