// One set of compiler options for the build and for jest, so that tests run what ships.
const path = require('node:path');
const root = path.resolve(__dirname, '..');
const { paths } = require(path.join(root, 'tsconfig.json')).compilerOptions;

module.exports.swcOptions = ({ resolveAliases }) => ({
  swcrc: false,
  configFile: false,
  sourceMaps: resolveAliases ? true : 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    ...(resolveAliases ? { baseUrl: root, paths } : {}),
  },
});
