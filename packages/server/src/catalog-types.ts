import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CatalogDocument, TollgateError } from '@tollgate/contract';
import { shownPath } from './catalog-file.js';

const mark = '// Written by `tollgate catalog types`. Write it anew when the catalog has changed; do not edit it.';

const registration = `
declare module '@tollgate/client' {
  interface Register {
    catalog: CatalogIds;
  }
}
`;

/** TypeScript with the ids of a catalog and of which kind each feature is, registered with the client unless told not to. */
export function catalogTypes({ features, customCurrencies = {} }: CatalogDocument, isRegistered: boolean): string {
  const kinds = entriesById(features).map(([id, { featureType, meterType }]) => {
    const meter = meterType ? `; meterType: '${meterType}'` : '';
    return `    ${quoted(id)}: { featureType: '${featureType}'${meter} };`;
  });
  const currencies = entriesById(customCurrencies).map(([id]) => `    ${quoted(id)}: unknown;`);
  return `${mark}
import '@tollgate/client';

export interface CatalogIds {
  features: ${block(kinds)};
  customCurrencies: ${block(currencies)};
}
${isRegistered ? registration : ''}`;
}

/** Replaces what it wrote itself and nothing else: rejects with CONFLICT where another file stands. */
export async function writeCatalogTypes(path: string, text: string): Promise<void> {
  if (!/\.[cm]?ts$/.test(path)) throw refused('CONFIGURATION', path, 'must end in .ts: only types are written');
  const earlier = await readFile(resolve(path), 'utf8').catch(() => undefined);
  if (earlier !== undefined && !earlier.startsWith(mark)) {
    throw refused('CONFLICT', path, 'is there already, and was not written by this command');
  }
  try {
    await writeFile(resolve(path), text);
  } catch (cause) {
    const rule = `cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw refused('CONFIGURATION', path, rule, cause);
  }
}

/** In one order, whatever the catalog was read from, so that what is written anew differs only by what has changed. */
const entriesById = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const block = (lines: readonly string[]): string => (lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n  }`);

const quoted = (id: string): string => `'${id.replace(/[\\']/g, '\\$&')}'`;

function refused(code: 'CONFIGURATION' | 'CONFLICT', path: string, rule: string, cause?: unknown): TollgateError {
  return new TollgateError(code, `${shownPath(path)} ${rule}`, { field: 'out', cause });
}
