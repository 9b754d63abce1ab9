import { coversPath, type DeclaredRequirement, type RouteMarks, type RouteStep } from '@tollgate/client/gate';
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

type Requirements = readonly DeclaredRequirement<Request>[];

// By the requirements and not by the middleware that carries them: tracing may have put a function of its own there.
const placesOf = new WeakMap<Requirements, string[]>();

/** The pattern under which these requirements met this request; undefined where they stand on no path at all. */
export function patternOf(request: Request, requirements: Requirements): string | undefined {
  const { originalUrl, baseUrl, route } = request;
  const path = originalUrl.split('?', 1)[0] ?? '';
  const places = placesOf.get(requirements) ?? placesIn(request.app, requirements);
  const place = places.length === 1 ? places[0] : places.find((candidate) => coversPath(candidate, path));
  const pattern = place ?? `${baseUrl}${route?.path ?? ''}`;
  return pattern === '' || (pattern === '/' && !route) ? undefined : pattern;
}

/** Looks at the whole application when the first request comes by, since a mounted router does not know its path. */
function placesIn(app: Application, requirements: Requirements): string[] {
  try {
    const found = new Map<Requirements, string[]>();
    for (const { path, handler } of stepsOf(rootOf(app))) {
      const carried = (handler as RouteMarks<Request>).requirements;
      if (carried) found.set(carried, [...(found.get(carried) ?? []), path]);
    }
    for (const [carried, places] of found) placesOf.set(carried, places);
  } catch {
    // A label is never worth a request: without a known place it is put together from what Express says.
  }
  const places = placesOf.get(requirements) ?? [];
  placesOf.set(requirements, places);
  return places;
}

function rootOf(app: Application): Application {
  const { parent } = app as { parent?: Application };
  return parent ? rootOf(parent) : app;
}
