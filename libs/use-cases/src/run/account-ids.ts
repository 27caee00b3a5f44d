import type { Account } from '@ballast/domain';

/** Of lists that do not change. */
const idsByAccounts = new WeakMap<readonly Account[], readonly string[]>();

/** Identifiers of accounts, in their order: one list for a frozen one, so that what is made of it is made once. */
export function accountIdsOf(accounts: readonly Account[]): readonly string[] {
  const known = idsByAccounts.get(accounts);
  if (known !== undefined) return known;
  const ids = Object.freeze(accounts.map(({ id }) => id));
  if (Object.isFrozen(accounts)) idsByAccounts.set(accounts, ids);
  return ids;
}
