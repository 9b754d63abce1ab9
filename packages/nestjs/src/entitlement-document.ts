import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { DECORATORS, type OpenAPIObject, type SwaggerDocumentOptions, SwaggerModule } from '@nestjs/swagger';
import type { DeclaredRequirement, PossibleDenial } from '@tollgate/client/gate';
import { declarationOf } from './declared-requirements.js';
import { EntitlementCalls } from './entitlement-calls.js';
import { problemName, problemSchema } from './problem-schema.js';

/** What an operation that requires something is marked with, until its responses are written. */
interface Mark {
  requires: string[];
  denials: PossibleDenial[];
}

interface Response {
  $ref?: string;
  description?: string;
  content?: object;
}

interface Operation {
  responses: Record<string, Response>;
  [markName]?: Mark | string[];
}

/** The extension that stays in the document: the ids of the features and currencies that an operation requires. */
const markName = 'x-entitlements';

/**
 * In place of `SwaggerModule.createDocument`: the same document, in which every operation that requires an entitlement
 * names it, and the problems that it may be refused with. Only what an operation says itself of a status stays.
 */
export function createDocument(
  app: INestApplication,
  config: Omit<OpenAPIObject, 'paths'>,
  options?: SwaggerDocumentOptions,
): OpenAPIObject {
  markHandlers(app);
  const document = SwaggerModule.createDocument(app, config, options);
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
  const marked = operations.filter((operation) => operation?.[markName]);
  for (const operation of marked) describe(operation, operation[markName] as Mark);
  if (marked.length > 0) {
    document.components = {
      ...document.components,
      schemas: { ...document.components?.schemas, [problemName]: problemSchema(document.openapi) },
    };
  }
  return document;
}

/** Swagger reads what is written on a handler's function: so the marks are put there, anew for each document. */
function markHandlers(app: INestApplication): void {
  const calls = app.get(EntitlementCalls, { strict: false });
  const scanner = app.get(MetadataScanner, { strict: false });
  for (const { metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (typeof metatype !== 'function') continue;
    const { prototype } = metatype as { prototype: Record<string, { name: string }> };
    for (const handler of scanner.getAllMethodNames(prototype).flatMap((name) => prototype[name] ?? [])) {
      const declaration = declarationOf(metatype, handler);
      if (declaration.requirements.length === 0) continue;
      const gate = calls.gateOf(declaration);
      const { requirements } = gate.enforce(declaration, 'call');
      const mark: Mark = { requires: namesOf(requirements), denials: gate.possibleDenials(requirements) };
      const extensions = Reflect.getMetadata(DECORATORS.API_EXTENSION, handler) as object | undefined;
      Reflect.defineMetadata(DECORATORS.API_EXTENSION, { ...extensions, [markName]: mark }, handler);
    }
  }
}

const namesOf = (requirements: readonly DeclaredRequirement<never>[]): string[] => [
  ...new Set(requirements.map(({ name }) => name)),
];

function describe(operation: Operation, { requires, denials }: Mark): void {
  operation[markName] = requires;
  for (const { status, codes } of denials) {
    const own = operation.responses[status];
    if (own?.$ref) continue;
    const ours = { 'application/problem+json': { schema: { $ref: `#/components/schemas/${problemName}` } } };
    operation.responses[status] = {
      ...own,
      description: own?.description || codes.map((code) => `\`${code}\``).join(', ') || 'Not Found',
      content: { ...ours, ...own?.content },
    };
  }
}
