import { openFirmAdmission } from './firm-admission';

const entered = (outcome: (() => void) | string): (() => void) => {
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
};

describe('openFirmAdmission', () => {
  it('lets a bounded number of one firm in, the others in the order in which they came', async () => {
    const { enter } = openFirmAdmission({ active: 2, queued: 10 });
    const [first, second] = [entered(await enter('a', 1_000)), entered(await enter('a', 1_000))];
    const order: string[] = [];
    const third = enter('a', 1_000).then((release) => (order.push('third'), entered(release)));
    const fourth = enter('a', 1_000).then((release) => (order.push('fourth'), entered(release)));
    await Promise.resolve();
    expect(order).toEqual([]);
    first();
    first();
    (await third)();
    expect(order.slice(0, 1)).toEqual(['third']);
    second();
    (await fourth)();
    expect(order).toEqual(['third', 'fourth']);
  });

  it('keeps no firm waiting for another', async () => {
    const { enter } = openFirmAdmission({ active: 1, queued: 0 });
    entered(await enter('a', 1_000));
    expect(await enter('a', 1_000)).toBe('queue-full');
    expect(typeof (await enter('b', 1_000))).toBe('function');
  });

  it('sends away who waited too long, and gives the place to the next', async () => {
    const { enter } = openFirmAdmission({ active: 1, queued: 2 });
    const first = entered(await enter('a', 1_000));
    expect(await enter('a', 1)).toBe('waited-too-long');
    first();
    expect(typeof (await enter('a', 1))).toBe('function');
  });
});
