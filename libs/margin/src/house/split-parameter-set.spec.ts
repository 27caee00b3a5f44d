import { splitParameterSet } from './split-parameter-set';

describe('splitParameterSet', () => {
  it('keeps house rules and sizing apart from the keys of the methodology', () => {
    expect(splitParameterSet({ GC: { rate: 1 }, house: [], sizing: { liquidity: {} } })).toEqual({
      parameters: { GC: { rate: 1 } },
      house: [],
      sizing: { liquidity: {} },
    });
  });

  it('takes nothing as published defaults and refuses a list', () => {
    expect(splitParameterSet(undefined)).toEqual({ parameters: {}, house: undefined, sizing: undefined });
    expect(() => splitParameterSet([])).toThrow('parameters: expected an object');
  });
});
