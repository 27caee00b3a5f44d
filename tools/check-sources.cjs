#!/usr/bin/env node
// Runs the checks that read sources only side by side: each uses one core. What one of them has to say comes in one piece.
const { spawn } = require('node:child_process');
const path = require('node:path');
const root = path.resolve(__dirname, '..');

const binary = (name) => path.join(root, 'node_modules/.bin', name);
const checks = [
  ['typecheck', process.execPath, [path.join(__dirname, 'typecheck.cjs')]],
  ['format', binary('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', binary('eslint'), ['.']],
];

function run([name, command, words]) {
  const started = performance.now();
  const child = spawn(command, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (told += chunk));
  return new Promise((resolve) => {
    const end = (outcome, passed) => {
      const seconds = ((performance.now() - started) / 1_000).toFixed(0);
      process.stderr.write(`${told}${name}: ${outcome}, ${seconds} s\n`);
      resolve(passed);
    };
    child.on('error', (failure) => end(failure.message, false));
    child.on('close', (code, signal) => end(code === 0 ? 'ok' : `failed (${code ?? signal})`, code === 0));
  });
}

Promise.all(checks.map(run)).then((outcomes) => {
  process.exitCode = outcomes.every(Boolean) ? 0 : 1;
});
