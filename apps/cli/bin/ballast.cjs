#!/usr/bin/env node
// Runs the built command line; builds first when dist/ is missing or older than a source, so a fresh checkout just works.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const root = path.resolve(__dirname, '../../..');
const entry = path.join(root, 'dist/apps/cli/src/main.js');

function newestSource(folder) {
  if (!fs.existsSync(folder)) return 0;
  let newest = 0;
  for (const item of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, item.name);
    if (item.isDirectory()) newest = Math.max(newest, newestSource(full));
    else if (item.name.endsWith('.ts')) newest = Math.max(newest, fs.statSync(full).mtimeMs);
  }
  return newest;
}

const builder = path.join(root, 'tools/build.cjs');
const sources = ['apps', 'libs', 'migrations'].map((folder) => path.join(root, folder));
const stale = () => fs.statSync(entry).mtimeMs < Math.max(...sources.map(newestSource));
if (fs.existsSync(builder) && (!fs.existsSync(entry) || stale())) {
  const built = spawnSync(process.execPath, [builder], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) process.exit(1);
}
require(entry);
