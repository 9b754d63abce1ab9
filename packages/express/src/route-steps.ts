import { coversPath, type RouteMarks, type RouteStep } from '@tollgate/client/gate';
import type { Application, Request, Router } from 'express';
import { type Layer, layersOf, mountPathsOf, pathsOf } from './layers.js';

/** Everything that requests to an application pass, in nested routers and mounted applications too. */
export function stepsOf(app: Application | Router): Generator<RouteStep> {
  return stepsIn(layersOf(app as object), '', new Set());
}

function* stepsIn(layers: readonly Layer[], prefix: string, above: ReadonlySet<unknown>): Generator<RouteStep> {
  // A router that is mounted below itself has no end.
  if (above.has(layers)) return;
  const around = new Set([...above, layers]);
  for (const layer of layers) {
    if (layer.route) {
      for (const path of pathsOf(layer.route.path)) {
        for (const { method, handle: handler } of layer.route.stack) {
          yield { method: method?.toUpperCase() ?? 'ALL', path: joined(prefix, path), handler };
        }
      }
      continue;
    }
    for (const path of mountPathsOf(layer)) {
      const mounted = joined(prefix, path);
      yield { method: 'ALL', path: mounted, handler: layer.handle };
      yield* stepsIn(layersOf(layer.handle, layer.name), mounted, around);
    }
  }
}

function joined(prefix: string, path: string): string {
  if (prefix === '/') return path;
  return path === '/' && prefix !== '' ? prefix : `${prefix}${path}`;
}

// By what our middleware carries, and not by the middleware: tracing may have put a function of its own in its place.
const placesOf = new WeakMap<object, string[]>();

/** The pattern under which what carries the mark met this request; undefined where it stands on no path at all. */
export function patternOf(request: Request, mark: object): string | undefined {
  const { originalUrl, baseUrl, route } = request;
  const places = placesOf.get(mark) ?? placesIn(request.app, mark);
  const isHere = (place: string): boolean => coversPath(place, originalUrl.replace(/\?.*$/s, ''));
  const place = places.length === 1 ? places[0] : places.find(isHere);
  const pattern = place ?? `${baseUrl}${route?.path ?? ''}`;
  return pattern === '' || (pattern === '/' && !route) ? undefined : pattern;
}

/** Looks at the whole application when the first request comes by, since a mounted router does not know its path. */
function placesIn(app: Application, mark: object): string[] {
  try {
    const found = new Map<object, string[]>();
    for (const { path, handler } of stepsOf(rootOf(app))) {
      const { requirements, shown } = handler as RouteMarks<Request>;
      const carried = requirements ?? shown;
      if (carried) found.set(carried, [...(found.get(carried) ?? []), path]);
    }
    for (const [carried, places] of found) placesOf.set(carried, places);
  } catch {
    // A label is never worth a request: without a known place it is put together from what Express says.
  }
  const places = placesOf.get(mark) ?? [];
  placesOf.set(mark, places);
  return places;
}

function rootOf(app: Application): Application {
  const { parent } = app as { parent?: Application };
  return parent ? rootOf(parent) : app;
}
