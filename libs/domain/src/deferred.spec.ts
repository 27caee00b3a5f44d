import { deferred } from './deferred';

describe('deferred', () => {
  it('computes at the first question and never again', () => {
    const asked: string[] = [];
    const value = deferred(() => {
      asked.push('computed');
      return [asked.length];
    });
    expect(asked).toEqual([]);
    expect(value()).toEqual([1]);
    expect(value()).toBe(value());
    expect(asked).toEqual(['computed']);
  });

  it('keeps a value of undefined too, and no failure', () => {
    let count = 0;
    const nothing = deferred(() => void (count += 1));
    nothing();
    nothing();
    expect(count).toBe(1);
    const failing = deferred(() => {
      count += 1;
      throw new RangeError('no value');
    });
    expect(failing).toThrow('no value');
    expect(failing).toThrow('no value');
    expect(count).toBe(3);
  });
});
