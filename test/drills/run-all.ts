/**
 * Holds drills at their full length and prints what docs/reliability.md reports.
 *
 *   npm run drills [-- FD-02 FD-03] [--threads N] [--minutes N]
 *
 * All drills by default, workers with two threads, and drills that go on for as long as they are told for their own time.
 */
import 'reflect-metadata';
import { describeMachine } from '../bench/machine';
import { allDrills } from './all-drills';
import type { DrillPlan } from './drill';
import { heldElsewhere } from './held-elsewhere';

const usualThreads = 2;

interface Wanted {
  readonly ids: readonly string[];
  readonly plan: DrillPlan;
}

function readWords(words: readonly string[]): Wanted {
  const ids: string[] = [];
  const numbers = new Map<string, number>();
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] as string;
    if (word === '--threads' || word === '--minutes') numbers.set(word, wholeNumber(word, words[(place += 1)]));
    else if (allDrills.some(({ id }) => id === word)) ids.push(word);
    else throw new Error(`no drill ${word}; there are ${allDrills.map(({ id }) => id).join(', ')}`);
  }
  const minutes = numbers.get('--minutes');
  const threads = numbers.get('--threads') ?? usualThreads;
  return { ids, plan: { intensity: 'full', threads, ...(minutes === undefined ? {} : { minutes }) } };
}

function wholeNumber(name: string, text = ''): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${name}: expected a whole number from 1 to 9999`);
  return Number(text);
}

async function main(words: readonly string[]): Promise<void> {
  const { ids, plan } = readWords(words);
  process.stdout.write(`${describeMachine()}; workers with ${plan.threads} threads\n\n`);
  process.stdout.write('| drill | done | found | time |\n| ----- | ---- | ----- | ---- |\n');
  for (const drill of allDrills) {
    if (ids.length > 0 && !ids.includes(drill.id)) continue;
    const started = performance.now();
    const found = await drill.run(plan).then(
      ({ figures, skipped }) => (skipped === undefined ? figures : `skipped: ${skipped}`),
      (failure: unknown) => {
        process.exitCode = 1;
        return `**failed**: ${failure instanceof Error ? failure.message : String(failure)}`;
      },
    );
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    process.stdout.write(`| ${drill.id} | ${drill.title} | ${found} | ${seconds} s |\n`);
  }
  if (ids.length > 0) return;
  for (const { id, trouble, test } of heldElsewhere)
    process.stdout.write(`| ${id} | ${trouble} | held in every test run by ${test} | – |\n`);
}

main(process.argv.slice(2)).catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 2;
});
