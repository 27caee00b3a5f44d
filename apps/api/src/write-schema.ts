import 'reflect-metadata';
import fs from 'node:fs';
import path from 'node:path';
import { buildSchema, printSorted } from './graphql/build-schema';
import { printReference } from './graphql/print-reference';

/** Writes apps/api/schema.graphql and the reference page docs/api.md; run from the root of the checkout. */
async function writeSchema(): Promise<void> {
  const schema = await buildSchema();
  for (const [file, text] of [
    ['apps/api/schema.graphql', printSorted(schema)],
    ['docs/api.md', printReference(schema)],
  ] as const) {
    fs.writeFileSync(path.resolve(file), text);
    process.stderr.write(`wrote ${file}\n`);
  }
}

writeSchema().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
