// jest's own runtime, but a module's text is compiled once per worker process instead of once per test file: every test
// file still gets modules, globals and a context of its own, and only the parsed code is shared between them.
const vm = require('node:vm');
const v8 = require('node:v8');

const { default: Runtime } = require('jest-runtime');

// Compiled functions that were not called for a while would be thrown away, and compiled again by the next test file.
v8.setFlagsFromString('--no-flush-bytecode');

const scripts = new Map();
const { compileFunction } = vm;

vm.compileFunction = function (source, parameters, options) {
  if (options?.parsingContext === undefined) return compileFunction.call(this, source, parameters, options);
  const known = scripts.get(options.filename);
  if (known?.source === source) return known.script.runInContext(options.parsingContext);
  const { filename, importModuleDynamically } = options;
  const script = new vm.Script(`(function (${parameters.join(', ')}) {${source}\n})`, {
    filename,
    importModuleDynamically,
  });
  scripts.set(filename, { source, script });
  return script.runInContext(options.parsingContext);
};

module.exports = { __esModule: true, default: Runtime };
