// Runs one TypeScript file in a process of its own, compiled as the tests compile: node run-typescript.cjs file.ts words…
const Module = require('node:module');
const path = require('node:path');
const swc = require('@swc/core');
const { swcOptions } = require('../../tools/swc-options.cjs');

const root = path.resolve(__dirname, '../..');
const { paths } = require('../../tsconfig.json').compilerOptions;
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return resolve.call(this, paths[request] === undefined ? request : path.join(root, paths[request][0]), ...rest);
};
require.extensions['.ts'] = (module, file) => {
  const options = { ...swcOptions({ resolveAliases: false }), filename: file };
  module._compile(swc.transformFileSync(file, options).code, file);
};
require(path.resolve(process.argv[2]));
