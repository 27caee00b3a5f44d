#!/usr/bin/env node
// Checks the whole tree once, then each pure library alone: there a clock, a console or a foreign library does not compile.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const fs = require('node:fs');
const root = path.resolve(__dirname, '..');
const tsc = require.resolve('typescript/bin/tsc');
const pure = fs.readdirSync(path.join(root, 'libs')).map((lib) => `libs/${lib}/tsconfig.lib.json`);
let failed = false;
for (const project of ['tsconfig.json', ...pure].filter((file) => fs.existsSync(path.join(root, file)))) {
  const run = spawnSync(process.execPath, [tsc, '--noEmit', '-p', project], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
