#!/usr/bin/env node
// Writes the typed operations of examples/typescript-client from apps/api/schema.graphql and examples/queries.
// Prints to stdout with --print, so that a test can compare.
const fs = require('node:fs');
const path = require('node:path');
const { codegen } = require('@graphql-codegen/core');
const operations = require('@graphql-codegen/typescript-operations');
const typedDocument = require('@graphql-codegen/typed-document-node');
const { buildSchema, parse } = require('graphql');

const root = path.resolve(__dirname, '..');
const target = path.join(root, 'examples/typescript-client/generated/operations.ts');

function queryFiles(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return queryFiles(full);
      return entry.name.endsWith('.graphql') ? [full] : [];
    });
}

async function generate() {
  const schema = buildSchema(fs.readFileSync(path.join(root, 'apps/api/schema.graphql'), 'utf8'));
  const documents = queryFiles(path.join(root, 'examples/queries')).map((location) => ({
    location,
    document: parse(fs.readFileSync(location, 'utf8')),
  }));
  const config = {
    documentMode: 'string',
    enumsAsTypes: true,
    onlyOperationTypes: true,
    skipTypename: true,
    useTypeImports: true,
    scalars: { Decimal: 'string', DateTime: 'string', LocalDate: 'string' },
  };
  const text = await codegen({
    filename: target,
    schema: parse(fs.readFileSync(path.join(root, 'apps/api/schema.graphql'), 'utf8')),
    schemaAst: schema,
    documents,
    config,
    plugins: [{ operations: {} }, { typedDocument: {} }],
    pluginMap: { operations, typedDocument },
  });
  return `// Written by \`npm run schema:write\` from the schema and examples/queries. Do not edit.\n${text.trim()}\n`;
}

generate().then(
  (text) => {
    if (process.argv.includes('--print')) process.stdout.write(text);
    else fs.writeFileSync(target, text);
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
