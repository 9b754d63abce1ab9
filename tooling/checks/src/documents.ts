import { posix } from 'node:path';
import type { Finding, Tree } from './tree.js';

const DECISION = /^docs\/decisions\/(.+)$/;
const NUMBERED = /^(\d{4})-[a-z0-9-]+\.md$/;

/** Decision notes that have no number, share one, or whose heading names another one. */
export function misnumberedDecisions(tree: Tree): Finding[] {
  const notes = tree.filter(({ path }) => DECISION.test(path));
  const numberOf = (path: string) => NUMBERED.exec(DECISION.exec(path)?.[1] ?? '')?.[1];
  return notes.flatMap(({ path, text }) => {
    const number = numberOf(path);
    if (!number) return [{ path, problem: 'is not named NNNN-title.md' }];
    const findings: Finding[] = [];
    const twin = notes.find((other) => other.path !== path && numberOf(other.path) === number);
    if (twin) findings.push({ path, problem: `has the number of ${twin.path}` });
    if (!text.startsWith(`# ${number} `)) findings.push({ path, problem: `does not begin with "# ${number} "` });
    return findings;
  });
}

const withoutCode = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchor GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[`*]|\[|\]\([^)]*\)/g, '')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
      anchorOf(match[1] ?? ''),
    ),
  );

/** Links from one document to a file, folder or heading that is not there. Addresses on the web are not asked for. */
export function brokenLinks(tree: Tree): Finding[] {
  const texts = new Map(tree.map(({ path, text }) => [path, text]));
  const exists = (path: string) => texts.has(path) || [...texts.keys()].some((known) => known.startsWith(`${path}/`));
  return tree
    .filter(({ path }) => path.endsWith('.md') && !path.startsWith('.changeset/') && !path.endsWith('CHANGELOG.md'))
    .flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].flatMap((match) => {
        const link = match[1] ?? '';
        if (/^[a-z]+:/i.test(link)) return [];
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file)).replace(/\/$/, '');
        if (target !== '.' && !exists(target)) return [{ path, problem: `links to ${link}, which is not there` }];
        const known = texts.get(target);
        const missing = anchor && known !== undefined && target.endsWith('.md') && !anchorsOf(known).has(anchor);
        return missing ? [{ path, problem: `links to ${link}, but that heading is not there` }] : [];
      }),
    );
}
