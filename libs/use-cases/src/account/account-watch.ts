import type { TenantContext } from '@ballast/persistence';
import { type Principal, requirePermission } from '../caller/principal';
import { UseCaseError } from '../caller/use-case-error';

/** Accounts that one watch may name. */
const accountIdsMaximum = 1_000;

/**
 * What a watch of accounts may read.
 *
 * @param accountIds  accounts that the watch names; all the caller may see when absent
 * @throws UseCaseError 'FORBIDDEN'; 'BAD_USER_INPUT' for more accounts than one watch may name
 */
export function scopeOfWatch(principal: Principal, accountIds: readonly string[] | undefined): TenantContext {
  requirePermission(principal, 'read-accounts');
  if ((accountIds?.length ?? 0) > accountIdsMaximum)
    throw new UseCaseError('BAD_USER_INPUT', `accountIds: expected at most ${accountIdsMaximum}`, 'accountIds');
  const { firmId, accountIds: limited } = principal;
  return { firmId, ...(limited === undefined ? {} : { accountIds: limited }) };
}
