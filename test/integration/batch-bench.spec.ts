import { describeBatch, runBatch } from '../bench/batch.bench';

describe('the batch benchmark', () => {
  it('runs over a small book from Postgres to Postgres and accounts for its time', async () => {
    const book = { accounts: 60, positionsPerAccount: 20, contracts: 1_000, holders: 25 };
    const figures = await runBatch(book, { workers: 1, threads: 1, ticks: 2 });
    expect(figures.run).toMatchObject({
      state: 'COMPLETED',
      accountsDone: 60,
      accountsIndeterminate: 0,
      shardCount: 20,
    });
    expect(figures.phases['evaluate']).toBeGreaterThan(0);
    expect(figures.writtenBytes).toBeGreaterThan(60 * 500);
    expect(figures.scan.positions).toBe(60 * 20);
    // Every account but those that hold the second underlying alone holds the first.
    expect(figures.holders).toBeGreaterThanOrEqual(25);
    expect(figures.holders).toBeLessThan(60);
    expect(figures.ticks).toHaveLength(2);
    expect(describeBatch(book, figures)).toContain('raw COPY of the same rows');
  }, 60_000);
});
