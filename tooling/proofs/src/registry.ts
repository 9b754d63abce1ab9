import { adapters } from './adapters.js';
import { amounts } from './amounts.js';
import { crashes } from './crashes.js';
import { credits } from './credits.js';
import { histories } from './histories.js';
import type { Proof } from './proof.js';
import { reservations } from './reservations.js';

/** Every proof there is. The tests run the short form of each, `npm run prove -- NAME` the long form of one. */
export const proofs: readonly Proof[] = [adapters, amounts, crashes, credits, histories, reservations];

/** The proof of this name; otherwise an error that names those there are. */
export function findProof(name: string | undefined): Proof {
  const proof = proofs.find((known) => known.name === name);
  if (proof) return proof;
  const known = proofs.map((each) => `  ${each.name}: ${each.promise}`).join('\n');
  throw new Error(`${name ? `There is no proof called ${name}` : 'Say which proof to run'}.\nKnown proofs:\n${known}`);
}
