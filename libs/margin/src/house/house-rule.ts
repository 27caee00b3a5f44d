/** Whose requirement a rule changes; the narrowest rule in force wins. */
export type HouseScope =
  | { readonly level: 'firm' }
  | { readonly level: 'account-group'; readonly accountGroup: string }
  | { readonly level: 'account'; readonly account: string };

/** What a rule does; amounts are in the account's base currency. */
export type HouseEffect =
  /** Multiplies the requirement, or the share of one underlying in it; ≥ 1, a house is never laxer than its exchange. */
  | { readonly kind: 'multiplier'; readonly multiplier: number }
  /** Adds an amount to the requirement of an account that holds anything. */
  | { readonly kind: 'add-on'; readonly amount: number }
  /** Least requirement of an account that holds anything. */
  | { readonly kind: 'minimum-equity'; readonly amount: number }
  /** Charges rate × (|net delta value| − limit) per underlying. */
  | { readonly kind: 'concentration'; readonly limit: number; readonly rate: number };

/** One dated rule of the house on top of a methodology. */
export interface HouseRule {
  readonly id: string;
  /** First day in force, ISO date, from 00:00 UTC. */
  readonly effectiveFrom: string;
  /** First day no longer in force; null = open. */
  readonly effectiveTo: string | null;
  readonly scope: HouseScope;
  /** Underlying the rule is about; null = the whole account (concentration: every underlying). */
  readonly underlying: string | null;
  readonly effect: HouseEffect;
}

/** The account as house rules see it; both absent for a portfolio without an account. */
export interface HouseAccount {
  readonly account?: string;
  readonly accountGroup?: string;
}
