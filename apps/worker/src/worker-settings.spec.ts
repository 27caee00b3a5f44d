import { availableParallelism } from 'node:os';
import { readScheduleSettings, readWorkerSettings } from './worker-settings';

describe('readWorkerSettings', () => {
  it('has defaults and takes whole numbers', () => {
    const threads = Math.min(64, availableParallelism());
    expect(readWorkerSettings({})).toEqual({ concurrency: 2, silenceSeconds: 15, threads, threadMemory: 2_048 });
    const variables = { WORKER_CONCURRENCY: '4', WORKER_SILENCE_SECONDS: '60', WORKER_THREADS: '3' };
    const settings = { concurrency: 4, silenceSeconds: 60, threads: 3, threadMemory: 16_384 };
    expect(readWorkerSettings({ ...variables, WORKER_THREAD_MEMORY: '16384' })).toEqual(settings);
  });

  it.each([
    ['WORKER_THREADS', '0'],
    ['WORKER_THREADS', '65'],
    ['WORKER_THREAD_MEMORY', '127'],
    ['WORKER_THREAD_MEMORY', '1GB'],
  ])('refuses %s %s', (name, text) => {
    expect(() => readWorkerSettings({ [name]: text })).toThrow(name);
  });

  it.each(['0', '65', '-1', '1.5', 'two', '1e1'])('refuses %s shards side by side and names the variable', (text) => {
    expect(() => readWorkerSettings({ WORKER_CONCURRENCY: text })).toThrow('WORKER_CONCURRENCY');
  });
});

describe('readScheduleSettings', () => {
  it('has defaults, takes times and switches, and can be off', () => {
    expect(readScheduleSettings({})).toEqual({ intraday: false });
    const all = {
      END_OF_DAY_RUN: '30 21 * * 1-5',
      INTRADAY_RUNS: 'on',
      POSITION_RUNS: 'on',
      HISTORY_KEEP_MONTHS: '84',
      SCHEDULES: 'on',
    };
    const settings = { endOfDay: '30 21 * * 1-5', intraday: true, positions: true, keepMonths: 84 };
    expect(readScheduleSettings(all)).toEqual(settings);
    expect(readScheduleSettings({ ...all, SCHEDULES: 'off' })).toBeNull();
  });

  it.each([
    ['END_OF_DAY_RUN', '61 25 * * *'],
    ['END_OF_DAY_RUN', '21:30'],
    ['END_OF_DAY_RUN', '30 21 * * 1-5 ?fill=1y'],
    ['INTRADAY_RUNS', 'yes'],
    ['POSITION_RUNS', 'yes'],
    ['SCHEDULES', 'true'],
    ['HISTORY_KEEP_MONTHS', '0'],
  ])('refuses %s %j', (name, text) => {
    expect(() => readScheduleSettings({ [name]: text })).toThrow(name);
  });
});
