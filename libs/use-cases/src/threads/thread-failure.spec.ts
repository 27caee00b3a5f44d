import { DomainError } from '@ballast/domain';
import { PricingInputError } from '@ballast/pricing';
import { UseCaseError } from '../caller/use-case-error';
import { postFailure, readFailure } from './thread-failure';

const across = (error: unknown) => readFailure(structuredClone(postFailure(error)));

describe('failures between threads', () => {
  it('stay the refusals they were', () => {
    const domain = new DomainError('PRICE_MISSING', 'no price for X', 'X');
    expect(across(domain)).toEqual(domain);
    expect(across(domain)).toBeInstanceOf(DomainError);
    const refusal = new UseCaseError('BAD_USER_INPUT', 'window: too short', 'window');
    expect(across(refusal)).toEqual(refusal);
    expect(across(refusal)).toBeInstanceOf(UseCaseError);
  });

  it('tell a pricing input as the domain does', () =>
    expect(across(new PricingInputError('volatility', -1, 'must be ≥ 0'))).toMatchObject({
      code: 'INVALID_PRICING_INPUT',
      field: 'volatility',
    }));

  it('tell a defect with its stack, as no refusal', () => {
    const found = across(new TypeError('x is undefined'));
    expect(found).not.toBeInstanceOf(DomainError);
    expect(found.message).toMatch(/x is undefined[\s\S]*thread-failure\.spec/);
    expect(across('text').message).toContain('text');
  });
});
