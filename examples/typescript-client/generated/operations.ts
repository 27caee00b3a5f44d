// Written by `npm run schema:write` from the schema and examples/queries. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Step of the ladder on which an account stands; multiples are those of its buffer policy. */
export type BufferStatus =
  /** Equity covers the maintenance requirement with the margin the policy asks for. */
  | 'HEALTHY'
  /** No figure can be given; treat the account as not covered. */
  | 'INDETERMINATE'
  /** Equity lies below the liquidation multiple, or a call is overdue. */
  | 'LIQUIDATION'
  /** Equity lies below the call multiple of maintenance; the missing amount is due. */
  | 'MARGIN_CALL'
  /** Equity lies below the watch multiple of maintenance; nothing is due yet. */
  | 'WATCH';

/** Cash that comes into the account or leaves it. */
export type CashMovementInput = {
  /** Amount: paid in > 0, drawn < 0. */
  amount: string;
  /** ISO 4217 code or coin symbol. */
  currency: string;
};

/** How good the data behind an answer was. */
export type DataQuality =
  /** A fallback took the place of a missing or refused input; reasons name it. */
  | 'DEGRADED'
  /** The figure moved so far that a person has to release it. */
  | 'HELD'
  /** An input that cannot be replaced is missing; amounts are null, never zero. */
  | 'INDETERMINATE'
  /** All inputs were fresh. */
  | 'OK'
  /** No newer run within twice the usual interval; figures are the last good ones. */
  | 'STALE';

/** Forward price of an underlying for one expiry; it overrides rate and yield for that expiry. */
export type ForwardQuoteInput = {
  /** Instant of expiry for which the forward holds. */
  expiry: string;
  /** Forward price in the quote currency per unit of the underlying. */
  price: string;
  /** Continuously compounded rate to this expiry, 0.05 = 5 % a year; the underlying's own when absent. */
  rate?: number | null | undefined;
};

/** Exchange rate between two currencies. */
export type FxRateInput = {
  /** Currency of which one unit is priced. */
  from: string;
  /** Units of `to` that one unit of `from` is worth; > 0. */
  rate: string;
  /** Currency in which the price is stated. */
  to: string;
};

/** Quote of one listed contract. What is absent was not quoted, which is never 0. */
export type InstrumentQuoteInput = {
  /** Lowest selling price per unit in the contract's currency; absent when nobody offered. */
  ask?: string | null | undefined;
  /** Highest buying price per unit in the contract's currency; absent when nobody bid. */
  bid?: string | null | undefined;
  /** Implied volatility, 0.20 = 20 % per √year; ≥ 0. */
  impliedVolatility?: number | null | undefined;
  /** The contract; its underlying must be stated too. */
  instrumentId: string | number;
  /** Price at which positions are valued, per unit in the contract's currency. */
  mark?: string | null | undefined;
  /** Contracts open at the exchange; ≥ 0. Absent when not known, which is never 0. */
  openInterest?: string | null | undefined;
  /** When the source stated the quote; the instant of the snapshot when absent. */
  quotedAt?: string | null | undefined;
  /** Contracts, of a holding units, that trade on an average day; ≥ 0. Absent when not known. */
  volume?: string | null | undefined;
};

/** Kind of a contract. */
export type InstrumentType =
  /** Obligation to settle at expiry, marked to market daily. */
  | 'FUTURE'
  /** Right to buy or sell the underlying at the strike. */
  | 'OPTION'
  /** Future without expiry. */
  | 'PERPETUAL'
  /** The underlying itself: a share, a coin, a unit of an index. */
  | 'UNDERLYING';

/** One step in the life of a margin call. */
export type MarginCallEventType =
  /** Somebody reached the client. */
  | 'ACKNOWLEDGED'
  /** A later run found another need. */
  | 'AMOUNT_UPDATED'
  /** The end, for the reason given. */
  | 'CLOSED'
  /** The second deadline passed unmet. */
  | 'ESCALATED'
  /** The due time passed unmet. */
  | 'OVERDUE'
  /** Money arrived. */
  | 'PAYMENT_RECORDED'
  /** A run asked for money. */
  | 'RAISED'
  /** The second person agreed. */
  | 'WAIVED'
  /** A proposal ended because the need changed. */
  | 'WAIVER_LAPSED'
  /** The first of two people wants to let it be. */
  | 'WAIVER_PROPOSED';

/** How far a demand for money has come. Everything but CLOSED is open; an account has one open call. */
export type MarginCallState =
  /** The client was reached; nothing has been paid. */
  | 'ACKNOWLEDGED'
  /** Over; see the close reason. */
  | 'CLOSED'
  /** Still unpaid after the escalation time; the penalty is charged. */
  | 'ESCALATED'
  /** Nothing is outstanding; open until equity rises above the release level. */
  | 'MET'
  /** The due time passed with something outstanding: the account is to be liquidated. */
  | 'OVERDUE'
  /** Something was paid in time, something is outstanding. */
  | 'PARTLY_MET'
  /** A run found the account below the call level; nobody has reacted yet. */
  | 'RAISED'
  /** Two people let it be, as long as the need does not outgrow what they saw. */
  | 'WAIVED';

/** How far a run is. */
export type MarginRunState =
  /** Every account has its result. */
  | 'COMPLETED'
  /** Ended without results; the reason says why. */
  | 'FAILED'
  /** Ended without results for some accounts, which the reason names; the others have theirs. */
  | 'PARTIAL'
  /** Being computed; results of a large run become visible shard by shard, those of a small one all at once. */
  | 'RUNNING';

/** Rules by which a requirement is computed. */
export type Methodology =
  /** Portfolio margin of a coin-options venue: price and volatility grid, contingencies in the coin. */
  | 'CRYPTO_PM'
  /** Portfolio margin of an on-chain venue: scenarios, forward and confidence contingencies. */
  | 'CRYPTO_PMRM'
  /** Standardised sensitivities weighted and aggregated by bucket, without scenarios. */
  | 'SENSITIVITY'
  /** Sixteen scenarios of price and volatility per underlying, as futures exchanges publish them. */
  | 'SPAN'
  /** Ten equidistant price moves per product group, the rules-based portfolio margin of US equity options. */
  | 'TIMS';

/** What an option gives the right to. */
export type OptionRight =
  /** To buy the underlying. */
  | 'CALL'
  /** To sell the underlying. */
  | 'PUT';

/** A market at one instant. It passes the same checks as a file; one that does not fit into a request body comes by `ballast import market`. */
export type PublishMarketSnapshotInput = {
  /** Instant for which the data holds; now when absent, never in the future. */
  asOf?: string | null | undefined;
  /** Exchange rates; none when absent. */
  fx?: Array<FxRateInput> | null | undefined;
  /** Chosen by the client, 1 to 128 characters: sending it again returns the first answer. */
  idempotencyKey: string;
  /** Quotes of listed contracts, at most 10 000; each named once. */
  quotes: Array<InstrumentQuoteInput>;
  /** Where the data comes from, one line of 1 to 1000 characters; who publishes it when absent. */
  source?: string | null | undefined;
  /** States of underlyings, 1 to 1000; each named once. */
  underlyings: Array<UnderlyingQuoteInput>;
};

/** Level that equity has to reach. */
export type RestorationTarget =
  /** What a margin call asks for: the larger of initial and the call target multiple × maintenance. */
  | 'CALL'
  /** Equity covers what is needed to open positions. */
  | 'INITIAL'
  /** Equity covers what is needed at all times: a buffer of 0. */
  | 'MAINTENANCE';

/** Whether a parameter set may be used. */
export type RiskParameterStatus =
  /** In force from its effective date. */
  | 'APPROVED'
  /** Waits for a second person. */
  | 'PROPOSED'
  /** Never in force. */
  | 'REJECTED';

/** Whether a scenario has figures. */
export type StressState =
  /** A contract has no price there. */
  | 'INDETERMINATE'
  /** A model has no value there, or the moves are impossible. */
  | 'REFUSED'
  /** It has. */
  | 'VALUED';

/** How far a figure of a scenario was checked. */
export type StressVerification =
  /** A judgement of this service: nothing was published. */
  | 'ASSUMED'
  /** Recomputed from closes of a file of the reference data. */
  | 'COMPUTED'
  /** As its publisher is known to have printed it; nothing here checks it. */
  | 'STATED';

/** What an underlying is; it selects shock ranges and the pricing model. */
export type UnderlyingKind =
  /** An index of many members. */
  | 'BROAD_INDEX'
  /** A coin or token, quoted around the clock. */
  | 'CRYPTO'
  /** A single share. */
  | 'EQUITY'
  /** A future, on which options are written. */
  | 'FUTURE'
  /** An exchange rate. */
  | 'FX'
  /** A broad index of large companies. */
  | 'HIGH_CAP_INDEX'
  /** An index of few members. */
  | 'NARROW_INDEX'
  /** Anything else; the widest shocks apply. */
  | 'OTHER';

/** State of one underlying. */
export type UnderlyingQuoteInput = {
  /** Currency in which price and strikes are stated; must agree with what is known. */
  currency: string;
  /** Continuously compounded dividend yield or carry, 0.02 = 2 % a year; −1 to 1. */
  dividendYield: number;
  /** Forwards by expiry; none when absent. */
  forwards?: Array<ForwardQuoteInput> | null | undefined;
  /** What the underlying is; must agree with what is known. */
  kind: UnderlyingKind;
  /** Spot or index price in the quote currency per unit: > 0, of futures and spreads any. When absent, forwards come from put-call parity. */
  price?: string | null | undefined;
  /** When the source stated the price; the instant of the snapshot when absent. */
  quotedAt?: string | null | undefined;
  /** Continuously compounded financing rate, 0.05 = 5 % a year; −0.2 to 1. */
  rate: number;
  /** The underlying, for example `BTC`; one that is not known yet is added. */
  underlyingId: string | number;
};

/** A trade that is asked about; its contract need not be held. */
export type WhatIfTradeInput = {
  /** Fees per contract in the contract's currency, ≥ 0; none when absent. */
  feePerContract?: string | null | undefined;
  /** What is traded: identifier of a listed contract. */
  instrumentId: string | number;
  /** Price per unit in the contract's currency; the mark of the latest snapshot when absent. */
  price?: string | null | undefined;
  /** Contracts: bought > 0, sold < 0, not 0. */
  quantity: string;
};

export type AccountCardQueryVariables = Exact<{
  code: string;
}>;


export type AccountCardQuery = { account: { code: string, name: string, baseCurrency: string, requirement: { asOf: string, ageMs: number, quality: DataQuality, qualityReasons: Array<string>, status: BufferStatus, bufferRatio: string | null, initial: { amount: string, currency: string } | null, maintenance: { amount: string, currency: string } | null, equity: { amount: string, currency: string } | null, buffer: { amount: string, currency: string } | null, excess: { amount: string, currency: string } | null, worstScenario: { group: string, label: string, loss: number } | null } | null } | null };

export type BufferChartQueryVariables = Exact<{
  code: string;
  from: string;
  to: string;
}>;


export type BufferChartQuery = { account: { bufferPolicy: { watchMultiple: string, marginCallMultiple: string, liquidationMultiple: string, releaseMultiple: string }, bufferHistory: { edges: Array<{ node: { at: string, bufferRatio: string | null, status: BufferStatus, quality: DataQuality, equity: { amount: string } | null, maintenance: { amount: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type PositionsQueryVariables = Exact<{
  code: string;
  after?: string | null | undefined;
}>;


export type PositionsQuery = { account: { balances: Array<{ currency: string, amount: string }>, positions: { edges: Array<{ node: { quantity: string, averagePrice: string | null, instrument: { id: string, type: InstrumentType, underlying: string, right: OptionRight | null, strike: string | null, expiry: string | null, multiplier: string, currency: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type WhySoMuchQueryVariables = Exact<{
  code: string;
}>;


export type WhySoMuchQuery = { account: { requirement: { asOf: string, quality: DataQuality, qualityReasons: Array<string>, warnings: Array<string>, equity: { amount: string, currency: string } | null, equityComponents: Array<{ kind: string, currency: string, amount: { amount: string } }>, maintenance: { amount: string } | null, breakdown: Array<{ id: string, parentId: string | null, label: string, basis: string, amount: { amount: string } }> } | null } | null };

export type LastRunsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LastRunsQuery = { marginRuns: { edges: Array<{ node: { id: string, asOf: string, state: MarginRunState, accountsTotal: number, accountsIndeterminate: number, engineVersion: string, resultHash: string | null, snapshot: { id: string, asOf: string, quality: DataQuality }, parameterSets: Array<{ methodology: Methodology, version: number }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarketQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MarketQuery = { marketSnapshot: { id: string, asOf: string, quality: DataQuality, qualityReasons: Array<string>, underlyings: Array<{ underlyingId: string, currency: string, price: string | null }>, quotes: { edges: Array<{ node: { instrumentId: string, mark: string | null, bid: string | null, ask: string | null, impliedVolatility: number | null, flags: Array<string> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type PositionsAsOfQueryVariables = Exact<{
  code: string;
  asOf: string;
  after?: string | null | undefined;
}>;


export type PositionsAsOfQuery = { account: { positions: { edges: Array<{ node: { quantity: string, instrument: { id: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type PublishMarketMutationVariables = Exact<{
  input: PublishMarketSnapshotInput;
}>;


export type PublishMarketMutation = { publishMarketSnapshot: { isNew: boolean | null, frozen: boolean | null, snapshot: { id: string, asOf: string, quality: DataQuality, qualityReasons: Array<string> } | null, userErrors: Array<{ code: string, field: string | null, message: string }> } };

export type RequirementsAsOfQueryVariables = Exact<{
  asOf: string;
  after?: string | null | undefined;
}>;


export type RequirementsAsOfQuery = { accounts: { edges: Array<{ node: { code: string, baseCurrency: string, requirement: { id: string, asOf: string, quality: DataQuality, initial: { amount: string, currency: string } | null, maintenance: { amount: string } | null, equity: { amount: string } | null, collateralValue: { amount: string } | null, run: { id: string } | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FirmRiskQueryVariables = Exact<{
  currency?: string | null | undefined;
  scenarios?: Array<string> | string | null | undefined;
}>;


export type FirmRiskQuery = { firmRisk: { runId: string, asOf: string, quality: DataQuality, currency: string, accounts: number, accountsExcluded: number, breaches: number, equity: { amount: string }, maintenance: { amount: string }, greeks: Array<{ key: string, delta: number, gamma: number, vega: number, deltaCash: number }>, scenarios: Array<{ name: string, title: string, newBreaches: number, loss: { amount: string }, lossOverCollateral: { amount: string }, topAccounts: Array<{ code: string, loss: { amount: string }, stressedBuffer: { amount: string } }> }>, worstScenario: { name: string } | null, byUnderlying: { basis: string, herfindahl: number | null, largest: Array<{ name: string, share: number }> } } };

export type GreeksByExpiryQueryVariables = Exact<{
  code: string;
}>;


export type GreeksByExpiryQuery = { account: { greeks: Array<{ key: string, underlying: string, delta: number, gamma: number, vega: number, theta: number, rho: number, deltaCash: number, gammaCash: number }> } | null };

export type NearestToTroubleQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NearestToTroubleQuery = { accounts: { totalCount: number | null, edges: Array<{ node: { id: string, code: string, name: string, methodology: Methodology, requirement: { asOf: string, quality: DataQuality, status: BufferStatus, bufferRatio: string | null, equity: { amount: string, currency: string } | null, maintenance: { amount: string } | null, buffer: { amount: string } | null, worstScenario: { group: string, label: string, loss: number } | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type OpenMarginCallsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OpenMarginCallsQuery = { marginCalls: { edges: Array<{ node: { id: string, state: MarginCallState, raisedAt: string, dueAt: string, escalatesAt: string, account: { code: string, name: string }, amount: { amount: string, currency: string }, paid: { amount: string }, outstanding: { amount: string }, events: Array<{ number: number, at: string, kind: MarginCallEventType, actor: string, reason: string | null }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StartRunMutationVariables = Exact<{
  idempotencyKey: string;
}>;


export type StartRunMutation = { startMarginRun: { run: { id: string, state: MarginRunState, accountsDone: number, accountsTotal: number } | null, userErrors: Array<{ code: string, field: string | null, message: string }> } };

export type StressQueryVariables = Exact<{
  code: string;
  scenarios?: Array<string> | string | null | undefined;
}>;


export type StressQuery = { account: { stress: { before: { equity: { amount: string, currency: string } | null }, scenarios: Array<{ name: string, title: string, state: StressState, reasons: Array<string>, profit: { amount: string } | null, after: { status: BufferStatus, buffer: { amount: string } | null } | null, figures: Array<{ what: string, source: string, verification: StressVerification }> }>, smallestBuffer: { name: string } | null } } | null };

export type WayBackQueryVariables = Exact<{
  code: string;
}>;


export type WayBackQuery = { account: { marketLevels: { prices: { lower: { move: number } | null, upper: { move: number } | null }, volatility: { lower: { move: number } | null, upper: { move: number } | null } } | null, liquidationLevels: Array<{ underlying: string, price: string, lower: string | null, upper: string | null, currency: string }>, restoration: { target: RestorationTarget, optimal: boolean, deposit: { amount: string, currency: string } | null, cost: { amount: string } | null, trades: Array<{ instrumentId: string, quantity: string, price: string }> | null } } | null };

export type WhatIfQueryVariables = Exact<{
  code: string;
  trades: Array<WhatIfTradeInput> | WhatIfTradeInput;
  cash?: Array<CashMovementInput> | CashMovementInput | null | undefined;
  spot?: number | null | undefined;
}>;


export type WhatIfQuery = { account: { whatIf: { before: { status: BufferStatus, maintenance: { amount: string, currency: string } | null, buffer: { amount: string } | null }, after: { status: BufferStatus, quality: DataQuality, bufferRatio: string | null, maintenance: { amount: string } | null, buffer: { amount: string } | null }, change: { initial: { amount: string } | null, maintenance: { amount: string } | null, equity: { amount: string } | null }, trades: Array<{ instrumentId: string, quantity: string, price: string, cash: { amount: string } }> } } | null };

export type WhyThisRequirementQueryVariables = Exact<{
  code: string;
  asOf?: string | null | undefined;
}>;


export type WhyThisRequirementQuery = { account: { code: string, requirement: { asOf: string, quality: DataQuality, methodology: Methodology, parameterSet: { methodology: Methodology, version: number, effectiveFrom: string, status: RiskParameterStatus }, initial: { amount: string, currency: string } | null, maintenance: { amount: string } | null, netOptionValue: { amount: string } | null, scenarios: Array<{ group: string, index: number, label: string, loss: number }>, breakdown: Array<{ id: string, parentId: string | null, kind: string, label: string, basis: string, amount: { amount: string, currency: string } }>, contributions: Array<{ instrumentId: string, euler: number, increment: number }> } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const AccountCardDocument = new TypedDocumentString(`
    query AccountCard($code: String!) {
  account(code: $code) {
    code
    name
    baseCurrency
    requirement {
      asOf
      ageMs
      quality
      qualityReasons
      status
      initial {
        amount
        currency
      }
      maintenance {
        amount
        currency
      }
      equity {
        amount
        currency
      }
      buffer {
        amount
        currency
      }
      bufferRatio
      excess {
        amount
        currency
      }
      worstScenario {
        group
        label
        loss
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccountCardQuery, AccountCardQueryVariables>;
export const BufferChartDocument = new TypedDocumentString(`
    query BufferChart($code: String!, $from: DateTime!, $to: DateTime!) {
  account(code: $code) {
    bufferPolicy {
      watchMultiple
      marginCallMultiple
      liquidationMultiple
      releaseMultiple
    }
    bufferHistory(from: $from, to: $to, bucket: DAY, first: 400) {
      edges {
        node {
          at
          equity {
            amount
          }
          maintenance {
            amount
          }
          bufferRatio
          status
          quality
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BufferChartQuery, BufferChartQueryVariables>;
export const PositionsDocument = new TypedDocumentString(`
    query Positions($code: String!, $after: String) {
  account(code: $code) {
    balances {
      currency
      amount
    }
    positions(first: 100, after: $after) {
      edges {
        node {
          quantity
          averagePrice
          instrument {
            id
            type
            underlying
            right
            strike
            expiry
            multiplier
            currency
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PositionsQuery, PositionsQueryVariables>;
export const WhySoMuchDocument = new TypedDocumentString(`
    query WhySoMuch($code: String!) {
  account(code: $code) {
    requirement {
      asOf
      quality
      qualityReasons
      warnings
      equity {
        amount
        currency
      }
      equityComponents {
        kind
        currency
        amount {
          amount
        }
      }
      maintenance {
        amount
      }
      breakdown {
        id
        parentId
        label
        amount {
          amount
        }
        basis
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WhySoMuchQuery, WhySoMuchQueryVariables>;
export const LastRunsDocument = new TypedDocumentString(`
    query LastRuns($first: Int = 5, $after: String) {
  marginRuns(first: $first, after: $after) {
    edges {
      node {
        id
        asOf
        state
        accountsTotal
        accountsIndeterminate
        engineVersion
        resultHash
        snapshot {
          id
          asOf
          quality
        }
        parameterSets {
          methodology
          version
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<LastRunsQuery, LastRunsQueryVariables>;
export const MarketDocument = new TypedDocumentString(`
    query Market($after: String) {
  marketSnapshot {
    id
    asOf
    quality
    qualityReasons
    underlyings {
      underlyingId
      currency
      price
    }
    quotes(first: 500, after: $after) {
      edges {
        node {
          instrumentId
          mark
          bid
          ask
          impliedVolatility
          flags
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MarketQuery, MarketQueryVariables>;
export const PositionsAsOfDocument = new TypedDocumentString(`
    query PositionsAsOf($code: String!, $asOf: DateTime!, $after: String) {
  account(code: $code) {
    positions(asOf: $asOf, first: 500, after: $after) {
      edges {
        node {
          quantity
          instrument {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PositionsAsOfQuery, PositionsAsOfQueryVariables>;
export const PublishMarketDocument = new TypedDocumentString(`
    mutation PublishMarket($input: PublishMarketSnapshotInput!) {
  publishMarketSnapshot(input: $input) {
    isNew
    frozen
    snapshot {
      id
      asOf
      quality
      qualityReasons
    }
    userErrors {
      code
      field
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PublishMarketMutation, PublishMarketMutationVariables>;
export const RequirementsAsOfDocument = new TypedDocumentString(`
    query RequirementsAsOf($asOf: DateTime!, $after: String) {
  accounts(first: 200, after: $after, orderBy: {field: CODE, direction: ASC}) {
    edges {
      node {
        code
        baseCurrency
        requirement(asOf: $asOf) {
          id
          asOf
          quality
          initial {
            amount
            currency
          }
          maintenance {
            amount
          }
          equity {
            amount
          }
          collateralValue {
            amount
          }
          run {
            id
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RequirementsAsOfQuery, RequirementsAsOfQueryVariables>;
export const FirmRiskDocument = new TypedDocumentString(`
    query FirmRisk($currency: String, $scenarios: [String!]) {
  firmRisk(by: UNDERLYING, currency: $currency, scenarios: $scenarios, top: 5) {
    runId
    asOf
    quality
    currency
    accounts
    accountsExcluded
    breaches
    equity {
      amount
    }
    maintenance {
      amount
    }
    greeks {
      key
      delta
      gamma
      vega
      deltaCash
    }
    scenarios {
      name
      title
      loss {
        amount
      }
      lossOverCollateral {
        amount
      }
      newBreaches
      topAccounts {
        code
        loss {
          amount
        }
        stressedBuffer {
          amount
        }
      }
    }
    worstScenario {
      name
    }
    byUnderlying {
      basis
      herfindahl
      largest {
        name
        share
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FirmRiskQuery, FirmRiskQueryVariables>;
export const GreeksByExpiryDocument = new TypedDocumentString(`
    query GreeksByExpiry($code: String!) {
  account(code: $code) {
    greeks(by: EXPIRY) {
      key
      underlying
      delta
      gamma
      vega
      theta
      rho
      deltaCash
      gammaCash
    }
  }
}
    `) as unknown as TypedDocumentString<GreeksByExpiryQuery, GreeksByExpiryQueryVariables>;
export const NearestToTroubleDocument = new TypedDocumentString(`
    query NearestToTrouble($first: Int = 20, $after: String) {
  accounts(
    first: $first
    after: $after
    orderBy: {field: BUFFER_RATIO, direction: ASC}
  ) {
    totalCount
    edges {
      node {
        id
        code
        name
        methodology
        requirement {
          asOf
          quality
          status
          equity {
            amount
            currency
          }
          maintenance {
            amount
          }
          buffer {
            amount
          }
          bufferRatio
          worstScenario {
            group
            label
            loss
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<NearestToTroubleQuery, NearestToTroubleQueryVariables>;
export const OpenMarginCallsDocument = new TypedDocumentString(`
    query OpenMarginCalls($after: String) {
  marginCalls(first: 50, after: $after, filter: {open: true}) {
    edges {
      node {
        id
        account {
          code
          name
        }
        state
        amount {
          amount
          currency
        }
        paid {
          amount
        }
        outstanding {
          amount
        }
        raisedAt
        dueAt
        escalatesAt
        events {
          number
          at
          kind
          actor
          reason
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<OpenMarginCallsQuery, OpenMarginCallsQueryVariables>;
export const StartRunDocument = new TypedDocumentString(`
    mutation StartRun($idempotencyKey: String!) {
  startMarginRun(input: {idempotencyKey: $idempotencyKey}) {
    run {
      id
      state
      accountsDone
      accountsTotal
    }
    userErrors {
      code
      field
      message
    }
  }
}
    `) as unknown as TypedDocumentString<StartRunMutation, StartRunMutationVariables>;
export const StressDocument = new TypedDocumentString(`
    query Stress($code: String!, $scenarios: [String!]) {
  account(code: $code) {
    stress(input: {scenarios: $scenarios}) {
      before {
        equity {
          amount
          currency
        }
      }
      scenarios {
        name
        title
        state
        reasons
        profit {
          amount
        }
        after {
          status
          buffer {
            amount
          }
        }
        figures {
          what
          source
          verification
        }
      }
      smallestBuffer {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StressQuery, StressQueryVariables>;
export const WayBackDocument = new TypedDocumentString(`
    query WayBack($code: String!) {
  account(code: $code) {
    marketLevels {
      prices {
        lower {
          move
        }
        upper {
          move
        }
      }
      volatility {
        lower {
          move
        }
        upper {
          move
        }
      }
    }
    liquidationLevels {
      underlying
      price
      lower
      upper
      currency
    }
    restoration(input: {target: INITIAL}) {
      target
      optimal
      deposit {
        amount
        currency
      }
      cost {
        amount
      }
      trades {
        instrumentId
        quantity
        price
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WayBackQuery, WayBackQueryVariables>;
export const WhatIfDocument = new TypedDocumentString(`
    query WhatIf($code: String!, $trades: [WhatIfTradeInput!]!, $cash: [CashMovementInput!], $spot: Float) {
  account(code: $code) {
    whatIf(input: {trades: $trades, cash: $cash, shifts: {spot: $spot}}) {
      before {
        status
        maintenance {
          amount
          currency
        }
        buffer {
          amount
        }
      }
      after {
        status
        quality
        maintenance {
          amount
        }
        buffer {
          amount
        }
        bufferRatio
      }
      change {
        initial {
          amount
        }
        maintenance {
          amount
        }
        equity {
          amount
        }
      }
      trades {
        instrumentId
        quantity
        price
        cash {
          amount
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WhatIfQuery, WhatIfQueryVariables>;
export const WhyThisRequirementDocument = new TypedDocumentString(`
    query WhyThisRequirement($code: String!, $asOf: DateTime) {
  account(code: $code) {
    code
    requirement(asOf: $asOf) {
      asOf
      quality
      methodology
      parameterSet {
        methodology
        version
        effectiveFrom
        status
      }
      initial {
        amount
        currency
      }
      maintenance {
        amount
      }
      netOptionValue {
        amount
      }
      scenarios {
        group
        index
        label
        loss
      }
      breakdown {
        id
        parentId
        kind
        label
        amount {
          amount
          currency
        }
        basis
      }
      contributions {
        instrumentId
        euler
        increment
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WhyThisRequirementQuery, WhyThisRequirementQueryVariables>;
