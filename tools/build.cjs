#!/usr/bin/env node
// Compiles apps, libs, migrations, benches and drills into dist/ with swc, and the SIMD kernel into .wasm.
// Types are checked by `npm run typecheck`; the build only strips them, so that a start costs under a second.
const fs = require('node:fs');
const path = require('node:path');
const swc = require('@swc/core');
const compileKernel = require('./build-kernel.cjs');
const { swcOptions } = require('./swc-options.cjs');

const root = path.resolve(__dirname, '..');
const dist = path.join(root, 'dist');
const sourceFolders = ['apps', 'libs', 'migrations', 'test/bench', 'test/drills', 'test/support', 'test/oracle'];

function* typescriptFiles(folder) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'kernel', 'console'].includes(entry.name)) yield* typescriptFiles(full);
    } else if (entry.name.endsWith('.ts') && !/\.(spec|e2e-spec|d)\.ts$/.test(entry.name)) yield full;
  }
}

async function compile() {
  const options = swcOptions({ resolveAliases: true });
  const keep = new Set();
  const files = sourceFolders.flatMap((folder) => [...typescriptFiles(path.join(root, folder))]);
  await Promise.all(
    files.map(async (file) => {
      const target = path.join(dist, path.relative(root, file).replace(/\.ts$/, '.js'));
      keep.add(target);
      const { code, map } = await swc.transformFile(file, { ...options, filename: file });
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
      fs.writeFileSync(`${target}.map`, map);
    }),
  );
  return { files: files.length, keep };
}

function removeStale(folder, keep) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) removeStale(full, keep);
    else if (entry.name.endsWith('.js') && !keep.has(full)) {
      fs.rmSync(full);
      fs.rmSync(`${full}.map`, { force: true });
    }
  }
}

async function main() {
  const started = process.hrtime.bigint();
  const { files, keep } = await compile();
  removeStale(dist, keep);
  const kernel = compileKernel();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stderr.write(`built ${files} files into dist/, kernel ${kernel}, ${seconds.toFixed(1)} s\n`);
}

main().catch((error) => {
  process.stderr.write(`build failed: ${error.message}\n`);
  process.exitCode = 1;
});
