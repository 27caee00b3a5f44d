// Long analyses in the compiled threads: same figures as at once, an event loop that stays free, ends that are ends.
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BreachQuestion,
  computeBreachProbability,
  defaultBreachQuestion,
  finish,
  planRestoration,
} from '@ballast/buffer';
import { Decimal } from '@ballast/domain';
import { AnalysisThreads, prepareSource } from '@ballast/use-cases';
import { cashOf, preparedAccount } from '../support/account-builder';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../support/portfolio-builder';

const file = path.resolve(__dirname, '../../dist/libs/use-cases/src/threads/analysis-thread.js');
const strikes = Array.from({ length: 12 }, (_, index) => 80 + 4 * index);
const calls = strikes.map((strike) => option(`C${strike}`, { strike: new Decimal(strike) }));
const portfolio = portfolioOf(
  [position(share('S'), 100), ...calls.map((call, index) => position(call, index % 2 === 0 ? -2 : 1))],
  { methodology: 'TIMS', cash: [cashOf('2000')] },
);
const snapshot = snapshotOf({
  quotes: [quote('S', { price: '100' }), ...calls.map(({ id }) => quote(id, { volatility: 0.25 }))],
});
const { policy } = preparedAccount({ portfolio, snapshot }).rules;
const source = { portfolio, snapshot, parameters: { model: 'black-scholes' }, code: 'A', policy };
const bounds = { field: 'input' };
const breach: BreachQuestion = {
  ...defaultBreachQuestion,
  horizonDays: 5,
  steps: 4,
  paths: 512,
  volatilities: { U: 0.3 },
};
const costs = { halfSpread: 0.01, feePerContract: new Decimal(1) };
const restoration = { target: 'INITIAL', hedges: [], costs, budget: 200 } as const;

jest.setTimeout(60_000);

let threads: AnalysisThreads;
beforeEach(() => {
  threads = new AnalysisThreads({ file, threads: 2 });
});
afterEach(() => threads.onModuleDestroy());

describe('analyses in threads', () => {
  it('give the figures of computing at once, bit for bit, any number at a time', async () => {
    const asked = { history: null, question: breach };
    const found = await Promise.all([1, 2, 3].map(() => threads.analyse('breachProbability', source, asked, bounds)));
    const expected = finish(computeBreachProbability(prepareSource(source), null, breach));
    for (const one of found) expect(one).toEqual(expected);
  });

  it('carry refusals as they are', async () => {
    const asked = { history: null, question: { ...breach, horizonDays: 0 } };
    await expect(threads.analyse('breachProbability', source, asked, bounds)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'INVALID_PARAMETER',
    });
    // The thread is as good as before.
    await expect(threads.analyse('liquidationLevels', source, { underlyingIds: ['U'] }, bounds)).resolves.toHaveLength(
      1,
    );
  });

  it('leave the event loop free while they compute', async () => {
    await threads.analyse('liquidationLevels', source, { underlyingIds: ['U'] }, bounds);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const asked = { history: null, question: { ...breach, paths: 4096, steps: 8 } };
    const begun = performance.now();
    await threads.analyse('breachProbability', source, asked, bounds);
    const took = performance.now() - begun;
    delay.disable();
    // Computing here would hold the loop for as long as it takes.
    expect(delay.max / 1e6).toBeLessThan(took / 2);
  });

  it('end at once when nobody waits any more, and serve the next', async () => {
    const over = new AbortController();
    const asked = { history: null, question: { ...breach, paths: 65_536, steps: 64, replicates: 64 } };
    const first = threads.analyse('breachProbability', source, asked, { ...bounds, signal: over.signal });
    await sleep(150);
    over.abort();
    await expect(first).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const gone = threads.analyse('breachProbability', source, asked, { ...bounds, signal: over.signal });
    await expect(gone).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(threads.analyse('liquidationLevels', source, { underlyingIds: ['U'] }, bounds)).resolves.toHaveLength(
      1,
    );
  });

  it('tell those who wait that the service stops', async () => {
    const asked = { history: null, question: { ...breach, paths: 65_536, steps: 64, replicates: 64 } };
    const all = Promise.allSettled([1, 2, 3].map(() => threads.analyse('breachProbability', source, asked, bounds)));
    await sleep(100);
    await threads.onModuleDestroy();
    for (const outcome of await all)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
  });

  it('plan a restoration as at once', async () => {
    const plan = await threads.analyse('restoration', source, restoration, bounds);
    const expected = planRestoration(prepareSource(source), restoration);
    expect(plan.deposit).toEqual(expected.deposit);
    expect(plan.trades?.cost).toEqual(expected.trades?.cost);
    expect(plan.trades?.after.assessment.buffer).toEqual(expected.trades?.after.assessment.buffer);
  });
});
