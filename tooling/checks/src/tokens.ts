/** Just enough of JavaScript's grammar to tell code from comments, strings and regular expressions. */
export interface Token {
  readonly kind: 'word' | 'string' | 'sign';
  readonly text: string;
  readonly line: number;
}

const WORD = /[\p{ID_Start}$_@#][\p{ID_Continue}$]*|\d[\w.]*/uy;
const BLANK = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*/y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After one of these a slash begins a regular expression; after anything else it divides. */
const BEFORE_EXPRESSION = /^(?:[=(,:[!&|?{};+\-*%<>~^]|return|typeof|case|in|of|do|else|void|delete|await|yield)$/;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The code's tokens in order. Of a template literal only the code in its `${}` is kept. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  // One entry per open brace: whether its closing brace returns to the text of a template literal.
  const braces: boolean[] = [];
  let at = 0;
  let line = 1;
  const advance = (length: number) => {
    for (let i = at; i < at + length; i++) if (text[i] === '\n') line++;
    at += length;
  };
  const skipTemplateText = () => {
    const rest = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
    advance(matchAt(rest, text, at)?.length ?? 0);
    if (text[at] === '$') {
      braces.push(true);
      advance(2);
    } else advance(1);
  };
  while (at < text.length) {
    const blank = matchAt(BLANK, text, at);
    if (blank) {
      advance(blank.length);
      continue;
    }
    const previous = tokens.at(-1);
    const mayBeExpression =
      previous === undefined || (previous.kind !== 'string' && BEFORE_EXPRESSION.test(previous.text));
    const string = matchAt(STRING, text, at);
    const expression = text[at] === '/' && mayBeExpression ? matchAt(REGULAR_EXPRESSION, text, at) : undefined;
    const word = matchAt(WORD, text, at);
    if (string) {
      tokens.push({ kind: 'string', text: string.slice(1, -1), line });
      advance(string.length);
    } else if (expression) {
      tokens.push({ kind: 'string', text: '', line });
      advance(expression.length);
    } else if (word) {
      tokens.push({ kind: 'word', text: word, line });
      advance(word.length);
    } else if (text[at] === '`') {
      tokens.push({ kind: 'string', text: '', line });
      advance(1);
      skipTemplateText();
    } else if (text[at] === '}' && braces.pop()) {
      advance(1);
      skipTemplateText();
    } else {
      const sign = text[at] ?? '';
      if (sign === '{') braces.push(false);
      tokens.push({ kind: 'sign', text: sign, line });
      advance(1);
    }
  }
  return tokens;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Every module the code names: `import`, `export … from`, `import()`, `import type`, `require`, `require.resolve`. */
export function importsOf(text: string): Import[] {
  const tokens = tokensOf(text);
  const found: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'string') return;
    const before = (distance: number) => tokens[index - distance]?.text;
    const called = before(1) === '(' && ['import', 'require', 'resolve', 'mock', 'unmock'].includes(before(2) ?? '');
    const follows = (before(1) === 'from' && tokens[index - 1]?.kind === 'word') || before(1) === 'import';
    if (called || follows) found.push({ specifier: token.text, line: token.line });
  });
  return found;
}

/** The code with comments and the contents of strings left out, tokens one space apart: for searches by pattern. */
export const bareCode = (text: string): string =>
  tokensOf(text)
    .map((token) => (token.kind === 'string' ? "''" : token.text))
    .join(' ');
