import type { Finding, Tree } from './tree.js';

/** One incident: what was published, and the versions that carried malware. */
export interface Incident {
  readonly incident: string;
  readonly source: string;
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

/** `name@version` of every package that the lockfile installs. */
export function lockedPackages(lockfile: string): string[] {
  const section = /^packages:\n([\s\S]*?)^(?=\S)/m.exec(`${lockfile}\nend:\n`)?.[1] ?? '';
  return [...section.matchAll(/^ {2}'?((?:@[^/\s']+\/)?[^@\s']+@[^:'\s]+)'?:$/gm)].map((match) => match[1] ?? '');
}

/** Packages of the lockfile that are on the list of known-bad versions. */
export function knownBadPackages(lockfile: string, incidents: readonly Incident[]): Finding[] {
  const bad = new Map(
    incidents.flatMap(({ incident, versions }) =>
      Object.entries(versions).flatMap(([name, list]) =>
        list.map((version): [string, string] => [`${name}@${version}`, incident]),
      ),
    ),
  );
  return lockedPackages(lockfile).flatMap((locked) => {
    const incident = bad.get(locked);
    return incident ? [{ path: 'pnpm-lock.yaml', problem: `${locked} is known to be bad: ${incident}` }] : [];
  });
}

/** Packages whose content the lockfile does not pin by a hash. */
export function unpinnedPackages(lockfile: string): Finding[] {
  const count = (lockfile.match(/^ {4}resolution: \{integrity: sha512-[^}]+\}$/gm) ?? []).length;
  const locked = lockedPackages(lockfile).length;
  return count === locked
    ? []
    : [{ path: 'pnpm-lock.yaml', problem: `${locked} packages, but ${count} of them have a hash` }];
}

const EXACT = /^(?:npm:(?:@[^/]+\/)?[^@]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Dependencies that are not one exact version. Peers name ranges on purpose. */
export const looseVersions = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => path === 'package.json' || /^(packages|tooling)\/[^/]+\/package\.json$/.test(path))
    .flatMap(({ path, text }) => {
      const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
      return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) =>
        Object.entries(manifest[field] ?? {})
          .filter(([, range]) => range !== 'catalog:' && !range.startsWith('workspace:') && !EXACT.test(range))
          .map(([name, range]) => ({ path, problem: `${name}: "${range}" is not one exact version` })),
      );
    });

/** Libraries of the version catalog for which no decision note gives a reason. */
export function unexplainedDependencies(workspaceYaml: string, note: string): Finding[] {
  const section = /^catalog:\n((?: {2}.*\n)*)/m.exec(workspaceYaml)?.[1] ?? '';
  const names = [...section.matchAll(/^ {2}['"]?([^'":\s]+)['"]?:/gm)].map((match) => match[1] ?? '');
  return names
    .filter((name) => !note.includes(`\`${name}\``))
    .map((name) => ({ path: 'pnpm-workspace.yaml', problem: `no reason is written down for ${name}` }));
}
