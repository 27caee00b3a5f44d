// Compiles the SIMD kernel (AssemblyScript) into dist/libs/pricing/kernel/kernel.wasm. It takes seconds, so it runs only
// when a kernel source, the compiler or its flags changed. The build calls it, and jest before its first test.
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const entry = path.join(root, 'libs/pricing/kernel/assembly/index.ts');
const output = path.join(root, 'dist/libs/pricing/kernel/kernel.wasm');
const flags = ['--enable', 'simd', '--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--noAssert'];

function fingerprint() {
  const hash = createHash('sha256').update(flags.join(' ')).update(require('assemblyscript/package.json').version);
  for (const file of fs.readdirSync(path.dirname(entry)).sort()) {
    if (file.endsWith('.ts')) hash.update(file).update(fs.readFileSync(path.join(path.dirname(entry), file)));
  }
  return hash.digest('hex');
}

/** Returns 'compiled' or 'unchanged'. */
module.exports = function compileKernel() {
  const stamp = fingerprint();
  const stampFile = `${output}.stamp`;
  if (fs.existsSync(output) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp)
    return 'unchanged';
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const asc = path.join(path.dirname(require.resolve('assemblyscript/package.json')), 'bin/asc.js');
  // Two builds may run at once; each writes its own file and renames it into place.
  const draft = path.join(path.dirname(output), `kernel-${process.pid}.wasm`);
  const args = [asc, path.relative(root, entry), ...flags, '--outFile', path.relative(root, draft)];
  const run = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root });
  if (run.status !== 0) throw new Error(`the SIMD kernel did not compile (asc exit code ${run.status})`);
  fs.renameSync(draft, output);
  fs.writeFileSync(stampFile, stamp);
  return 'compiled';
};
