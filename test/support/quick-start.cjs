// Preloaded (`node --require`) into the processes that tests start: the text of a module, where its imports are found and
// its compiled code are kept in one file, so that a command line starts in half the time. What is executed is the same.
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { isMainThread } = require('node:worker_threads');

const root = path.resolve(__dirname, '../..');
const entry = path.join(root, 'dist/apps/cli/src/main.js');

/** A build writes every file anew, so the time of one of them names the build. */
function keptFile() {
  const built = fs.statSync(entry).mtimeMs;
  const name = `ballast-start-${process.getuid?.() ?? 0}-${process.version}-${built}`;
  return path.join(os.tmpdir(), name.replace(/[^\w.-]/g, '_'));
}

function readKept(file) {
  try {
    const kept = v8.deserialize(fs.readFileSync(file));
    return kept.root === root ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing for what Node has to compile itself: ES modules, and modules that import some. */
function scriptOf(source, filename, cachedData) {
  if (/^#!|\bimport\s*\(/.test(source)) return undefined;
  try {
    return new vm.Script(Module.wrap(source), { filename, ...(cachedData && { cachedData }) });
  } catch {
    return undefined;
  }
}

function install(file) {
  const kept = readKept(file) ?? { root, modules: new Map(), places: new Map() };
  const compiled = new Map();
  let found = 0;
  const mayKeep = (name) => path.isAbsolute(name) && !name.endsWith('.mjs');

  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, isMain, options) {
    const from = options === undefined && parent?.filename ? `${parent.path}\0${request}` : undefined;
    const known = from && kept.places.get(from);
    if (known !== undefined) return known;
    const place = resolve.call(this, request, parent, isMain, options);
    if (from && mayKeep(place)) {
      kept.places.set(from, place);
      found += 1;
    }
    return place;
  };

  const load = Module._extensions['.js'];
  Module._extensions['.js'] = function (module, filename) {
    const known = kept.modules.get(filename);
    if (known === undefined) return load.call(this, module, filename);
    return module._compile(known.source, filename);
  };

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, filename, ...rest) {
    const known = kept.modules.get(filename);
    const script = mayKeep(filename) && scriptOf(source, filename, known?.code);
    if (!script) return compile.call(this, source, filename, ...rest);
    if (known === undefined || script.cachedDataRejected) compiled.set(filename, { source, script });
    const require = (id) => this.require(id);
    require.resolve = (request, options) => Module._resolveFilename(request, this, false, options);
    require.main = process.mainModule;
    require.extensions = Module._extensions;
    require.cache = Module._cache;
    return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename));
  };

  process.once('exit', () => {
    if (compiled.size === 0 && found < 50) return;
    try {
      keep(file, kept, compiled);
    } catch {
      // A start that is slower is all that is lost.
    }
  });
}

/** Another process may have added to the file meanwhile; what it found stays. */
function keep(file, { modules: ours, places }, compiled) {
  const others = readKept(file) ?? { modules: [], places: [] };
  const modules = new Map([...others.modules, ...ours]);
  for (const [name, { source, script }] of compiled) modules.set(name, { source, code: script.createCachedData() });
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, v8.serialize({ root, modules, places: new Map([...others.places, ...places]) }));
  fs.renameSync(draft, file);
}

if (isMainThread && fs.existsSync(entry)) install(keptFile());
