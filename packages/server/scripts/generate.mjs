// Writes catalog.schema.json from the shapes by which the engine checks catalogs, as it was built last. A test fails when
// the committed file differs.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogJsonSchema } from '@tollgate/engine';

const target = fileURLToPath(new URL('../catalog.schema.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(catalogJsonSchema(), null, 2)}\n`);
