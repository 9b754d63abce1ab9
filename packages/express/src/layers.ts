import { configurationError } from '@tollgate/client/gate';
import type { Application, Request, Response } from 'express';

/** One entry of a router, as far as Express 4 and 5 let it be read. */
export interface Layer {
  name: string;
  handle: Handle;
  route?: { path: unknown; stack: readonly { method?: string | undefined; handle: Handle }[] } | undefined;
  /** Express 5, from router 2.3 on. */
  rawPath?: unknown;
  slash?: boolean;
  /** Express 4. */
  regexp?: RegExp & { fast_slash?: boolean };
  keys?: readonly { name: string | number }[];
}

type Handle = object & { stack?: readonly Layer[] };

/** What an application, a router or any handler consists of; nothing when it is a plain function. */
export function layersOf(handler: Handle, name?: string): readonly Layer[] {
  if (Array.isArray(handler.stack)) return handler.stack;
  if ('mountpath' in handler) return layersOfApp(handler as object as Application);
  return name === 'mounted_app' ? layersOfMounted(handler as MountedApp) : [];
}

/** The router of Express 4 is not there before the first route, and asking for `router` throws. */
function layersOfApp(app: Application): readonly Layer[] {
  const { _router } = app as { _router?: Handle };
  return ('lazyrouter' in app ? _router : (app.router as unknown as Handle))?.stack ?? [];
}

type MountedApp = (request: Request, response: Response, next: () => void) => void;

/**
 * A mounted application is hidden in a closure of Express. It shows itself when it is handed a request, as the `app` of
 * that request; and a request without a URL gets no further than that, to no handler at all.
 */
function layersOfMounted(handle: MountedApp): readonly Layer[] {
  const outside = {};
  let found: Application | undefined;
  let isLookedAt = false;
  let isPassedOn = false;
  const request = {
    app: { request: outside, response: outside },
    method: 'GET',
    // Or Express 4 would work it out.
    query: {},
    get url(): string | undefined {
      isLookedAt = true;
      const prototype: { app?: Application } = Object.getPrototypeOf(this);
      if (prototype === Object.prototype) return '/';
      found = prototype.app;
      return undefined;
    },
  };
  const onNext = (): void => {
    isPassedOn = true;
  };
  try {
    handle(request as object as Request, { setHeader() {} } as object as Response, onNext);
  } catch {
    // Whatever it says: it has shown itself, or it has not.
  }
  if (found) return layersOfApp(found);
  // Without a single route, Express 4 does not look at the request.
  if (isPassedOn && !isLookedAt) return [];
  throw configurationError('checkRoutes', 'cannot look into a mounted application: mount a Router instead');
}

/** The patterns under which a router, an application or middleware stands. */
export function mountPathsOf({ rawPath, slash, regexp, keys = [] }: Layer): string[] {
  if (rawPath !== undefined) return pathsOf(rawPath);
  if (slash || regexp?.fast_slash) return ['/'];
  // Express 5 with a router before 2.3 keeps no path.
  if (!regexp) return ['/*'];
  const names = keys.map(({ name }) => name);
  return regexp.source.split(/\|(?=\^)/).map((source) => patternFrom(source, names));
}

export function pathsOf(path: unknown): string[] {
  return [path].flat(Number.POSITIVE_INFINITY).map(String);
}

/** Undoes what Express 4 has made of a pattern, such as `^\/orgs(?:\/([^/]+?))\/?(?=\/|$)`. Takes its names off the list. */
function patternFrom(source: string, names: (string | number)[]): string {
  const pattern = source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replace(/\(\?:\\([/.])\([^()]*\)\)(\??)|\(\.\*\)/g, (_, separator?: string, optional?: string) => {
      const name = names.shift();
      return separator === undefined ? '*' : `${separator}:${name}${optional}`;
    })
    .replace(/\\([/.])/g, '$1');
  return pattern === '' ? '/' : pattern;
}
