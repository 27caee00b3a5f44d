import { userInfo } from 'node:os';
import { operatorName } from './firm-choice';

const names = ['USER', 'LOGNAME', 'USERNAME'] as const;
const kept = Object.fromEntries(names.map((name) => [name, process.env[name]]));
const set = (values: Readonly<Record<string, string | undefined>>): void => {
  for (const name of names) {
    delete process.env[name];
    const value = values[name];
    if (value !== undefined) process.env[name] = value;
  }
};

afterEach(() => set(kept));

describe('the name of who runs a command', () => {
  it('is that of the environment', () => {
    set({ USER: 'ann', LOGNAME: 'bob' });
    expect(operatorName()).toBe('ann');
    set({ USER: '', LOGNAME: 'bob' });
    expect(operatorName()).toBe('bob');
    set({ USERNAME: 'cy' });
    expect(operatorName()).toBe('cy');
  });

  it('is the user of the process where the environment names nobody, not one name for all', () => {
    set({});
    expect(operatorName()).toBe(userInfo().username);
  });
});
