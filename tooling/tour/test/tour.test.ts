import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const data = mkdtempSync(join(tmpdir(), 'tollgate-tour-'));
let printed: string[];

beforeAll(async () => {
  printed = await tour();
}, 240_000);

afterAll(() => rmSync(data, { recursive: true, force: true }));

/** The main job as a newcomer starts it, on data of its own; it ends after the tour. */
async function tour(): Promise<string[]> {
  // What this repository's own run has set for npm and pnpm must not reach the command.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm|VITEST)/i.test(name)));
  const { stdout } = await run('npm', ['start', '--silent', '--', '--once'], {
    cwd: root,
    env: { ...env, TOLLGATE_DATA: data },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split('\n');
}

/** The rows of one request by one app's customers, as `customer kind: status reason`. */
function rows(app: string, request: string): string[] {
  return printed.flatMap((line) => {
    const row = new RegExp(`^${request} +${app}-(free|pro|ent)-\\w+ +(\\d+) +(\\S+)`).exec(line);
    return row ? [`${row[1]} ${row[2]} ${row[3]?.replace(',', '')}`] : [];
  });
}

test.each(['express', 'fastify', 'nestjs'])(
  'the tour of the %s app allows on one plan what it denies on another',
  (app) => {
    expect(rows(app, 'GET /sso')).toEqual(['free 403 feature-not-entitled', 'ent 200 allowed']);
    expect(rows(app, 'POST /uploads')).toEqual(['free 403 feature-not-entitled', 'pro 201 allowed']);
    expect(rows(app, 'GET /exports/pdf')).toEqual(['pro 403 feature-not-entitled', 'ent 200 allowed']);
  },
);

test.each(['express', 'fastify', 'nestjs'])(
  'the fourth report on Free is denied by the %s app with its reset, until the plan changes',
  (app) => {
    expect(rows(app, 'POST /reports')).toEqual([
      'free 201 allowed',
      'free 201 allowed',
      'free 201 allowed',
      'free 429 quota-exceeded',
      'pro 201 allowed',
      'free 201 allowed',
    ]);
    expect(printed.filter((line) => /quota-exceeded, resets \d{4}-\d{2}-\d{2}/.test(line))).toHaveLength(3);
    expect(printed.filter((line) => line.includes(`felt by ${app} after`))).toHaveLength(1);
  },
);
