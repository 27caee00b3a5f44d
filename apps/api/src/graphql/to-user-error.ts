import { DomainError } from '@ballast/domain';
import { UseCaseError } from '@ballast/use-cases';
import type { UserError } from './user-error.model';

/**
 * Turns a refusal of the business into data.
 *
 * @param codes  refusals that this mutation answers as data; everything else is thrown on
 */
export function toUserError(error: unknown, codes: readonly string[]): UserError {
  const isRefusal = error instanceof UseCaseError || error instanceof DomainError;
  if (!isRefusal || !codes.includes(error.code)) throw error;
  return { code: error.code, field: error.field ?? null, message: error.message };
}
