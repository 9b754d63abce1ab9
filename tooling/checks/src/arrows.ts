import { posix } from 'node:path';
import { importsOf } from './tokens.js';
import { type Finding, isCode, packageFolder, type Tree } from './tree.js';

/**
 * Which package may import which: the left one the right ones, and nothing else. An arrow is a path, so what stands
 * two arrows to the right is named too. `server` may import `redis` only where it feeds the cache.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  client: ['contract'],
  redis: ['contract'],
  engine: ['contract'],
  server: ['engine', 'contract', 'redis'],
  express: ['client', 'contract'],
  fastify: ['client', 'contract'],
  hono: ['client', 'contract'],
  nestjs: ['client', 'contract'],
  openfeature: ['client', 'contract'],
  testing: ['client', 'server', 'engine', 'contract'],
};

/** The files, by their beginning, through which the server and its tests reach the shared cache. */
const FEEDS_THE_CACHE = /^packages\/server\/(?:src|test)\/cache-sync/;

/** Inside the engine a folder imports only from ranks after its own. Files beside the folders have rank 0. */
const ENGINE_RANK: Readonly<Record<string, number>> = {
  entitlement: 1,
  usage: 2,
  credit: 2,
  billing: 2,
  subscription: 3,
  catalog: 4,
  customer: 4,
  pricing: 4,
};
const ENGINE_STORAGE = 'storage';

const scopedName = (specifier: string): string | undefined => /^@tollgate\/([^/]+)/.exec(specifier)?.[1];

/** The files among `paths` that a relative specifier may mean, as TypeScript resolves it. */
function resolveRelative(from: string, specifier: string, paths: ReadonlySet<string>): string | undefined {
  const target = posix.join(posix.dirname(from), specifier);
  const candidates = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.(m|c)js$/, '.$1ts'), `${target}.ts`];
  return candidates.find((candidate) => paths.has(candidate));
}

function crossing(from: string, target: string, manifestOnly: boolean): string | undefined {
  const [group, name = ''] = from.split('/');
  const own = packageFolder(from)?.split('/')[1];
  if (target === own) return undefined;
  if (group === 'tooling') return undefined;
  if (group === 'examples')
    return target in MAY_IMPORT ? undefined : `an example imports @tollgate/${target}, which is not published`;
  const allowed = MAY_IMPORT[name];
  if (!allowed) return `package ${name} has no arrows: name it in the table of arrows`;
  if (!allowed.includes(target)) return `${name} must not import @tollgate/${target}`;
  if (name === 'server' && target === 'redis' && !manifestOnly && !FEEDS_THE_CACHE.test(from)) {
    return 'server imports @tollgate/redis only in cache-sync';
  }
  return undefined;
}

/** Imports between packages, in code and in `package.json`, that no arrow allows. */
export function wrongArrows(tree: Tree): Finding[] {
  const paths = new Set(tree.map((file) => file.path));
  return tree.flatMap(({ path, text }) => {
    const folder = packageFolder(path);
    if (!folder) return [];
    if (path === `${folder}/package.json`) {
      const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
      const fields = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'];
      const names = new Set(fields.flatMap((field) => Object.keys(manifest[field] ?? {})));
      return [...names].flatMap((name) => {
        const target = scopedName(name);
        const problem = target && crossing(path, target, true);
        return problem ? [{ path, problem }] : [];
      });
    }
    if (!isCode(path)) return [];
    return importsOf(text).flatMap(({ specifier, line }) => {
      const foreign = specifier.startsWith('.') && foreignFolder(path, folder, specifier, paths);
      if (foreign) return [{ path, problem: `line ${line}: reaches into ${foreign} by a relative path` }];
      const target = scopedName(specifier);
      const problem = target && crossing(path, target, false);
      return problem ? [{ path, problem: `line ${line}: ${problem}` }] : [];
    });
  });
}

/** A relative path out of the own folder is an arrow that hides. */
function foreignFolder(
  path: string,
  folder: string,
  specifier: string,
  paths: ReadonlySet<string>,
): string | undefined {
  const resolved = resolveRelative(path, specifier, paths) ?? posix.join(posix.dirname(path), specifier);
  const other = packageFolder(resolved);
  return other && other !== folder ? other : undefined;
}

/** The engine's inner order: `engine → entitlement → usage, credit, billing → subscription → catalog, customer, pricing`. */
export function wrongEngineOrder(tree: Tree): Finding[] {
  const paths = new Set(tree.map((file) => file.path));
  const folderOf = (path: string): string => /^packages\/engine\/src\/(?:([^/]+)\/)?/.exec(path)?.[1] ?? '';
  return tree
    .filter(({ path }) => /^packages\/engine\/src\//.test(path) && isCode(path))
    .flatMap(({ path, text }) => {
      const from = folderOf(path);
      if (from !== '' && from !== ENGINE_STORAGE && !(from in ENGINE_RANK)) {
        return [{ path, problem: `folder ${from} has no place in the engine's order` }];
      }
      return importsOf(text).flatMap(({ specifier, line }) => {
        if (!specifier.startsWith('.')) return [];
        const to = folderOf(resolveRelative(path, specifier, paths) ?? posix.join(posix.dirname(path), specifier));
        if (from === to || from === '') return [];
        const inOrder =
          from !== ENGINE_STORAGE && to !== ENGINE_STORAGE && (ENGINE_RANK[to] ?? 0) > (ENGINE_RANK[from] ?? 0);
        return inOrder
          ? []
          : [{ path, problem: `line ${line}: ${from} must not import ${to || 'a file beside the folders'}` }];
      });
    });
}

/** Files that import each other in a circle, each circle once, named by its first file. */
export function importCycles(tree: Tree): Finding[] {
  const paths = new Set(tree.map((file) => file.path));
  const edges = new Map(
    tree
      .filter(({ path }) => isCode(path))
      .map(({ path, text }) => {
        const relative = importsOf(text).filter(({ specifier }) => specifier.startsWith('.'));
        return [path, relative.flatMap(({ specifier }) => resolveRelative(path, specifier, paths) ?? [])];
      }),
  );
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      findings.push({ path, problem: `imports itself: ${[...trail.slice(start), path].join(' → ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return findings;
}
