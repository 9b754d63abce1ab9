/** A value's path from the root of a document: keys and indexes. */
type Path = readonly (string | number)[];

/** Text that is not JSON, with the place of the first thing that is wrong. */
export class JsonSyntaxError extends Error {
  constructor(
    rule: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(rule);
    this.name = 'JsonSyntaxError';
  }
}

const token = {
  space: /[ \t\r\n]*/y,
  string: /"(?:[^"\\\r\n]|\\.)*"/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y,
};

/**
 * Reads JSON and remembers on which line each key and item begins, which `JSON.parse` does not tell. Throws
 * `JsonSyntaxError` with line and column, of a key that stands there twice too; Node's own message names neither.
 */
export function readJsonWithLines(text: string): { value: unknown; lines: ReadonlyMap<string, number> } {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;
  let lineStart = 0;

  const fail = (rule: string): never => {
    throw new JsonSyntaxError(rule, line, at - lineStart + 1);
  };
  const found = (): string => (at >= text.length ? 'the end of the file' : JSON.stringify(text[at]));
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const skipSpace = () => {
    const from = at;
    take(token.space);
    for (let i = from; i < at; i++) {
      if (text[i] !== '\n') continue;
      line += 1;
      lineStart = i + 1;
    }
  };
  const next = (): string => {
    skipSpace();
    return text[at] ?? '';
  };

  const readString = (what: string): string => {
    const start = at;
    const raw = take(token.string);
    if (raw === undefined) return fail(`expected ${what}, found ${found()}`);
    try {
      return JSON.parse(raw) as string;
    } catch {
      at = start;
      return fail('this string holds an unknown escape or a control character');
    }
  };

  /** `,` or the closing sign; true when another element follows. */
  const another = (closing: string): boolean => {
    const sign = next();
    if (sign !== ',' && sign !== closing) fail(`expected "," or "${closing}", found ${found()}`);
    at += 1;
    return sign === ',';
  };

  const readObject = (path: Path): unknown => {
    const entries: [string, unknown][] = [];
    at += 1;
    if (next() === '}') at += 1;
    else {
      do {
        next();
        const [keyLine, keyStart] = [line, at];
        const key = readString('a key in double quotes');
        // JSON allows it and keeps the last: in a file that people edit, half of an entry would be gone unseen.
        if (lines.has(pathKey([...path, key]))) {
          at = keyStart;
          fail(`expected each key once, found ${JSON.stringify(key)} again`);
        }
        if (next() !== ':') fail(`expected ":", found ${found()}`);
        at += 1;
        lines.set(pathKey([...path, key]), keyLine);
        entries.push([key, readValue([...path, key])]);
      } while (another('}'));
    }
    return Object.fromEntries(entries);
  };

  const readArray = (path: Path): unknown => {
    const items: unknown[] = [];
    at += 1;
    if (next() === ']') at += 1;
    else {
      do {
        next();
        lines.set(pathKey([...path, items.length]), line);
        items.push(readValue([...path, items.length]));
      } while (another(']'));
    }
    return items;
  };

  const readValue = (path: Path): unknown => {
    const sign = next();
    if (sign === '{') return readObject(path);
    if (sign === '[') return readArray(path);
    if (sign === '"') return readString('a string');
    const raw = take(token.scalar);
    return raw === undefined ? fail(`expected a value, found ${found()}`) : JSON.parse(raw);
  };

  const value = readValue([]);
  if (next() !== '') fail(`expected the end of the file, found ${found()}`);
  return { value, lines };
}

/**
 * The line of a path such as `plans.plan-pro.entitlements.feature-x.usageLimit`, or of the nearest thing around it that
 * the file has. Ids may contain dots, so the path is followed through the document instead of being cut up.
 */
export function lineOfPath(document: { value: unknown; lines: ReadonlyMap<string, number> }, path: string): number {
  let line = 1;
  let value = document.value;
  let rest = path.replace(/\[(\d+)\]/g, '.$1');
  const walked: string[] = [];
  while (typeof value === 'object' && value !== null && rest !== '') {
    const keys = Object.keys(value).filter((key) => rest === key || rest.startsWith(`${key}.`));
    const key = keys.sort((a, b) => b.length - a.length)[0];
    if (key === undefined) break;
    walked.push(key);
    line = document.lines.get(pathKey(walked)) ?? line;
    value = (value as Record<string, unknown>)[key];
    rest = rest.slice(key.length + 1);
  }
  return line;
}

const pathKey = (path: Path): string => JSON.stringify(path.map(String));
