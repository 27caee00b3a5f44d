/** One page of a list, as use cases return it. */
export type { AccountFilter, AccountOrder, InstrumentFilter, ListedAccount, Page } from '@ballast/persistence';
