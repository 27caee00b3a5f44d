import { addDeferred, deferred } from './deferred';

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

describe('addDeferred', () => {
  it('computes when read, once per object, and is in every copy', () => {
    const asked: number[] = [];
    const make = (size: number) =>
      addDeferred({ size }, 'double', () => {
        asked.push(size);
        return 2 * size;
      });
    const [two, three] = [make(2), make(3)];
    expect(Object.keys(two)).toEqual(['size', 'double']);
    expect(asked).toEqual([]);
    expect([three.double, two.double, two.double]).toEqual([6, 4, 4]);
    expect(asked).toEqual([3, 2]);
    expect([{ ...make(4) }, JSON.stringify(make(5)), structuredClone(make(6))]).toEqual([
      { size: 4, double: 8 },
      '{"size":5,"double":10}',
      { size: 6, double: 12 },
    ]);
  });

  it('keeps properties of several names apart, and goes along with the descriptors', () => {
    const both = addDeferred(
      addDeferred({}, 'name', () => 'a'),
      'value',
      () => 'b',
    );
    const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(both)) as typeof both;
    expect([both.name, both.value, copy.name, copy.value]).toEqual(['a', 'b', 'a', 'b']);
  });
});
