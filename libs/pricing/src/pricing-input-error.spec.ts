import {
  PricingInputError,
  requireFinite,
  requireNonNegative,
  requireRight,
  requireVolatility,
} from './pricing-input-error';

describe('the error of this library', () => {
  it('carries code, field and value, and says both', () => {
    const error = new PricingInputError('strike', -1, 'must be ≥ 0');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      code: 'INVALID_PRICING_INPUT',
      field: 'strike',
      value: -1,
      name: 'PricingInputError',
    });
    expect(error.message).toBe('strike must be ≥ 0, got -1');
  });

  it.each([NaN, Infinity, -Infinity, undefined, null, '1'])('requires a finite number, not %p', (value) => {
    expect(() => requireFinite('rate', value as number)).toThrow(PricingInputError);
    expect(() => requireNonNegative('spot', value as number)).toThrow(PricingInputError);
  });

  it('tells zero from negative and infinite from finite', () => {
    expect(() => requireFinite('rate', -5)).not.toThrow();
    expect(() => requireNonNegative('spot', 0)).not.toThrow();
    expect(() => requireNonNegative('spot', -5e-324)).toThrow('spot must be ≥ 0, got -5e-324');
    expect(() => requireVolatility('volatility', Infinity)).not.toThrow();
    expect(() => requireVolatility('volatility', NaN)).toThrow('volatility must be ≥ 0, got NaN');
    expect(() => requireVolatility('volatility', '0.2' as unknown as number)).toThrow(PricingInputError);
  });

  it('knows two rights', () => {
    expect(() => requireRight('call')).not.toThrow();
    expect(() => requireRight('put')).not.toThrow();
    expect(() => requireRight('X' as 'call')).toThrow("right must be 'call' or 'put', got X");
  });
});
