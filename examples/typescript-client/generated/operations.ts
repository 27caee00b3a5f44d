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

/** Whether a parameter set may be used. */
export type RiskParameterStatus =
  /** In force from its effective date. */
  | 'APPROVED'
  /** Waits for a second person. */
  | 'PROPOSED'
  /** Never in force. */
  | 'REJECTED';

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

export type RequirementsAsOfQueryVariables = Exact<{
  asOf: string;
  after?: string | null | undefined;
}>;


export type RequirementsAsOfQuery = { accounts: { edges: Array<{ node: { code: string, baseCurrency: string, requirement: { id: string, asOf: string, quality: DataQuality, initial: { amount: string, currency: string } | null, maintenance: { amount: string } | null, equity: { amount: string } | null, collateralValue: { amount: string } | null, run: { id: string } | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type GreeksByExpiryQueryVariables = Exact<{
  code: string;
}>;


export type GreeksByExpiryQuery = { account: { greeks: Array<{ key: string, underlying: string, delta: number, gamma: number, vega: number, theta: number, rho: number, deltaCash: number, gammaCash: number }> } | null };

export type NearestToTroubleQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NearestToTroubleQuery = { accounts: { totalCount: number | null, edges: Array<{ node: { id: string, code: string, name: string, methodology: Methodology, requirement: { asOf: string, quality: DataQuality, status: BufferStatus, bufferRatio: string | null, equity: { amount: string, currency: string } | null, maintenance: { amount: string } | null, buffer: { amount: string } | null, worstScenario: { group: string, label: string, loss: number } | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StartRunMutationVariables = Exact<{
  idempotencyKey: string;
}>;


export type StartRunMutation = { startMarginRun: { run: { id: string, state: MarginRunState, accountsDone: number, accountsTotal: number } | null, userErrors: Array<{ code: string, field: string | null, message: string }> } };

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
