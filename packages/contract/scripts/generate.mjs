// Writes src/generated: the typed operations, and the schema as a module, because a published package reads no files
// beside itself. With --check it writes nothing and fails when the committed files differ from what it would write.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';

const folder = fileURLToPath(new URL('..', import.meta.url));
const generatedFolder = `${folder}/src/generated`;
const files = { 'graphql.ts': await operations(), 'type-defs.ts': schemaModule() };

if (process.argv.includes('--check')) {
  const stale = Object.keys(files).filter((name) => readIfThere(`${generatedFolder}/${name}`) !== files[name]);
  if (stale.length > 0) {
    const paths = stale.map((name) => `src/generated/${name}`).join(', ');
    console.error(`${paths} differs from the schema: run "pnpm --filter @tollgate/contract generate"`);
    process.exit(1);
  }
} else {
  mkdirSync(generatedFolder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(`${generatedFolder}/${name}`, content);
}

/** Operations as strings with their types: nothing is parsed at run time. */
async function operations() {
  const outputs = await generate(
    {
      cwd: folder,
      silent: true,
      schema: 'src/schema.graphql',
      documents: 'src/operations.graphql',
      emitLegacyCommonJSImports: false,
      importExtension: '.js',
      generates: {
        'src/generated/': {
          preset: 'client',
          presetConfig: { fragmentMasking: false },
          config: {
            documentMode: 'string',
            useTypeImports: true,
            enumsAsTypes: true,
            strictScalars: true,
            scalars: { Decimal: 'string', DateTime: 'string', JSON: 'unknown' },
          },
        },
      },
    },
    false,
  );
  const output = outputs.find((file) => basename(file.filename) === 'graphql.ts');
  // The one import of the generated file is a three-line interface: writing it out saves the package a dependency.
  return output.content.replace(
    /^import type \{ DocumentTypeDecoration \}.*$/m,
    'interface DocumentTypeDecoration<TResult, TVariables> {\n  __apiType?: (variables: TVariables) => TResult;\n}',
  );
}

function schemaModule() {
  const schema = readFileSync(`${folder}/src/schema.graphql`, 'utf8');
  return `// Generated from schema.graphql: do not edit.\nexport const typeDefs = ${JSON.stringify(schema)};\n`;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
