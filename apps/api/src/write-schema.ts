import 'reflect-metadata';
import fs from 'node:fs';
import path from 'node:path';
import { buildSchema, printSorted } from './graphql/build-schema';

/** Writes apps/api/schema.graphql; run from the root of the checkout. */
async function writeSchema(): Promise<void> {
  const file = path.resolve('apps/api/schema.graphql');
  fs.writeFileSync(file, printSorted(await buildSchema()));
  process.stderr.write(`wrote ${file}\n`);
}

writeSchema().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
