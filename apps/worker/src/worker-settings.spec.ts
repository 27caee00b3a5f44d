import { readWorkerSettings } from './worker-settings';

describe('readWorkerSettings', () => {
  it('has defaults and takes whole numbers', () => {
    expect(readWorkerSettings({})).toEqual({ concurrency: 2, silenceSeconds: 15 });
    expect(readWorkerSettings({ WORKER_CONCURRENCY: '4', WORKER_SILENCE_SECONDS: '60' })).toEqual({
      concurrency: 4,
      silenceSeconds: 60,
    });
  });

  it.each(['0', '65', '-1', '1.5', 'two', '1e1'])('refuses %s shards side by side and names the variable', (text) => {
    expect(() => readWorkerSettings({ WORKER_CONCURRENCY: text })).toThrow('WORKER_CONCURRENCY');
  });
});
