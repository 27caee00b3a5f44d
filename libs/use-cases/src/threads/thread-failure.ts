import { DomainError, type DomainErrorCode } from '@ballast/domain';
import { PricingInputError } from '@ballast/pricing';
import { UseCaseError, type UseCaseErrorCode } from '../caller/use-case-error';

/** A refusal as it passes between threads, which keep no class. */
export interface PostedFailure {
  readonly kind: 'domain' | 'pricing' | 'use-case' | 'defect';
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** Describes what was thrown; anything that is no refusal is a defect, told with its stack for the log. */
export function postFailure(error: unknown): PostedFailure {
  if (error instanceof DomainError || error instanceof UseCaseError) {
    const kind = error instanceof DomainError ? 'domain' : 'use-case';
    const { code, message, field } = error;
    return { kind, code, message, ...(field === undefined ? {} : { field }) };
  }
  if (error instanceof PricingInputError)
    return { kind: 'pricing', code: error.code, message: error.message, field: error.field };
  return {
    kind: 'defect',
    code: 'INTERNAL',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** The refusal again, in the thread that asked. */
export function readFailure({ kind, code, message, field }: PostedFailure): Error {
  if (kind === 'use-case') return new UseCaseError(code as UseCaseErrorCode, message, field);
  if (kind === 'domain' || kind === 'pricing') return new DomainError(code as DomainErrorCode, message, field);
  return new Error(`an analysis thread failed: ${message}`);
}
