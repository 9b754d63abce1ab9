import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CatalogDocument, TollgateError } from '@tollgate/contract';
import { JsonSyntaxError, lineOfPath, readJsonWithLines } from './json-lines.js';

/** A catalog as it was read. Its content is checked by the engine, not here. */
export interface CatalogFile {
  document: CatalogDocument;
  /** The line on which a path of the document stands; known for JSON only. */
  lineOf(path: string): number | undefined;
}

/**
 * Reads a catalog from a `.json`, `.js`, `.mjs`, `.cjs`, `.ts`, `.mts` or `.cts` file; code files export it as default.
 * Rejects with CATALOG_INVALID, naming the file.
 */
export async function readCatalog(path: string): Promise<CatalogFile> {
  const file = resolve(path);
  switch (extname(file)) {
    case '.json':
      return readJsonFile(path, file);
    case '.js':
    case '.mjs':
    case '.cjs':
      return inCode(path, await loading(path, () => importJavaScript(file)));
    case '.ts':
    case '.mts':
    case '.cts':
      return inCode(path, await loading(path, () => importTypeScript(file)));
    default:
      throw invalid(path, 'must end in .ts, .js or .json');
  }
}

/** Where a catalog file beside `node_modules` finds the JSON Schema from which editors complete it. */
export const schemaReference = './node_modules/@tollgate/server/catalog.schema.json';

/** A catalog is written as JSON only: nobody's code is generated. Throws CONFIGURATION for another ending. */
export function assertJsonPath(path: string): void {
  if (extname(path) === '.json') return;
  throw new TollgateError('CONFIGURATION', `${shownPath(path)} must end in .json: only JSON is written`, {
    field: 'file',
  });
}

/** Rejects with CONFLICT where there is a file already, unless it is to be replaced. */
export async function writeCatalog(path: string, text: string, isReplacing: boolean): Promise<void> {
  try {
    await writeFile(resolve(path), text, { flag: isReplacing ? 'w' : 'wx' });
  } catch (cause) {
    const isThere = (cause as { code?: unknown }).code === 'EEXIST';
    const rule = isThere
      ? 'is there already: --force replaces it'
      : `cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new TollgateError(isThere ? 'CONFLICT' : 'CONFIGURATION', `${shownPath(path)} ${rule}`, {
      field: 'file',
      cause,
    });
  }
}

/** A path as people type it, for messages: relative to where they are, when that is shorter. */
export function shownPath(path: string, folder: string = process.cwd()): string {
  const short = relative(folder, resolve(path));
  return short !== '' && short.length < path.length ? short : path;
}

async function readJsonFile(path: string, file: string): Promise<CatalogFile> {
  const text = await loading(path, () => readFile(file, 'utf8'));
  try {
    const document = readJsonWithLines(text.replace(/^\uFEFF/, ''));
    return { document: document.value as CatalogDocument, lineOf: (place) => lineOfPath(document, place) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const place = `${shownPath(path)}:${error.line}:${error.column}`;
    throw new TollgateError('CATALOG_INVALID', `${place} is not JSON: ${error.message}`, {
      field: 'catalog',
      details: { file: path, line: error.line, column: error.column },
      cause: error,
    });
  }
}

async function importJavaScript(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    // Node does not tell where a module breaks the grammar. The loader for TypeScript throws an error that does.
    if (error instanceof SyntaxError) await importTypeScript(file);
    throw error;
  }
}

/** Node runs TypeScript by itself only from 22.18 on. The loader is loaded when a file needs it. */
async function importTypeScript(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  return createJiti(pathToFileURL(file).href, { fsCache: false, moduleCache: false }).import(file);
}

/** The default export. What was compiled to CommonJS has it one level further down. */
function inCode(path: string, loaded: unknown): CatalogFile {
  let document = defaultOf(loaded);
  if (isObject(document) && '__esModule' in document) document = defaultOf(document);
  if (!isObject(document)) throw invalid(path, 'must export the catalog as its default export');
  return { document: document as unknown as CatalogDocument, lineOf: () => undefined };
}

const defaultOf = (loaded: unknown): unknown => (isObject(loaded) ? loaded.default : undefined);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

async function loading<T>(path: string, load: () => Promise<T>): Promise<T> {
  // Loaders speak of a missing module, whether it is the file itself or one that it imports.
  if (!existsSync(path)) throw invalid(path, 'does not exist');
  try {
    return await load();
  } catch (cause) {
    throw invalid(path, `cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function invalid(path: string, rule: string, cause?: unknown): TollgateError {
  return new TollgateError('CATALOG_INVALID', `${shownPath(path)} ${rule}`, {
    field: 'catalog',
    details: { file: path },
    cause,
  });
}
