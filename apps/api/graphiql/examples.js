// Operations the editor opens with: one tab per question a desk asks.
window.ballastExamples = [
  {
    query: `# Who is nearest to trouble? Accounts come with the smallest buffer ratio first.
query NearestToTrouble {
  accounts(first: 10) {
    totalCount
    edges {
      node {
        code
        name
        requirement {
          asOf
          status
          quality
          equity { amount currency }
          maintenance { amount }
          buffer { amount }
          bufferRatio
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    query: `# Why does an account need that much? Worst scenario, whole vector, and the explanation line by line.
query WhyThisRequirement($code: String = "DEEP-001") {
  account(code: $code) {
    code
    requirement {
      asOf
      initial { amount currency }
      maintenance { amount }
      netOptionValue { amount }
      worstScenario { group index label loss }
      scenarios { group index label loss }
      breakdown { id parentId kind label amount { amount } basis }
      contributions { instrumentId euler increment }
      parameterSet { name version effectiveFrom }
    }
  }
}`,
    variables: '{ "code": "DEEP-001" }',
  },
  {
    query: `# How did it get there? One observation per day.
query BufferHistory($code: String = "DEEP-001", $from: DateTime!, $to: DateTime!) {
  account(code: $code) {
    bufferPolicy { watchMultiple marginCallMultiple liquidationMultiple releaseMultiple }
    bufferHistory(from: $from, to: $to, bucket: DAY) {
      edges { node { at status equity { amount } maintenance { amount } bufferRatio quality } }
    }
  }
}`,
    variables: JSON.stringify(
      { code: 'DEEP-001', from: new Date(Date.now() - 120 * 86400000).toISOString(), to: new Date().toISOString() },
      null,
      2,
    ),
  },
  {
    query: `# What is held, and how does it react to the market?
query PositionsAndGreeks($code: String = "MM-001") {
  account(code: $code) {
    balances { currency amount }
    greeks(by: EXPIRY) { key delta gamma vega theta rho deltaCash gammaCash }
    positions(first: 50) {
      edges { node { quantity averagePrice instrument { id type right strike expiry multiplier currency } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
    variables: '{ "code": "MM-001" }',
  },
  {
    query: `# What was evaluated, on which market, with which parameters?
query RunsAndMarket {
  marginRuns(first: 5) {
    edges { node { id asOf state accountsDone accountsTotal resultHash parameterSets { methodology version } } }
  }
  marketSnapshot {
    id
    asOf
    quality
    underlyings { underlyingId kind price currency }
    quotes(first: 10) { edges { node { instrumentId bid ask mark impliedVolatility flags } } }
  }
}`,
  },
  {
    query: `# All accounts together: net Greeks, what the crises on record would cost, and where the risk sits.
query FirmRisk {
  firmRisk(by: UNDERLYING, top: 5) {
    asOf
    quality
    currency
    accounts
    breaches
    greeks { key delta gamma vega deltaCash }
    scenarios { name title loss { amount } lossOverCollateral { amount } newBreaches topAccounts { code loss { amount } } }
    byUnderlying { basis herfindahl largest { name share } }
    byAccount { basis largest { name share } }
  }
}`,
  },
  {
    query: `# What would a fall of the market and fresh cash do to an account? Nothing is stored.
query WhatIf($code: String = "DEEP-001", $spot: Float, $cash: [CashMovementInput!]) {
  account(code: $code) {
    whatIf(input: { cash: $cash, shifts: { spot: $spot } }) {
      before { status maintenance { amount currency } buffer { amount } }
      after { status quality maintenance { amount } buffer { amount } bufferRatio }
      change { initial { amount } maintenance { amount } equity { amount } }
    }
  }
}`,
    variables: '{ "code": "DEEP-001", "spot": -0.05, "cash": [{ "currency": "USD", "amount": "10000" }] }',
  },
  {
    query: `# How far to trouble, and the cheapest way back?
query WayBack($code: String = "DEEP-001") {
  account(code: $code) {
    liquidationLevels { underlying price currency lower upper }
    marketLevels { prices { lower { move } upper { move } } }
    restoration(input: { target: INITIAL }) {
      target
      optimal
      deposit { amount currency }
      cost { amount }
      trades { instrumentId quantity price }
    }
  }
}`,
    variables: '{ "code": "DEEP-001" }',
  },
  {
    query: `# Which calls are open, how long may they be, and what has happened to them?
query OpenMarginCalls {
  marginCalls(first: 20, filter: { open: true }) {
    edges {
      node {
        account { code name }
        state
        amount { amount currency }
        outstanding { amount }
        raisedAt
        dueAt
        escalatesAt
        events { number at kind actor reason }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    query: `# States a market as of now; it passes the guard that files pass. Needs the role risk.
# Prices far from the last ones come back in userErrors, and nothing is stored then.
mutation PublishMarket($input: PublishMarketSnapshotInput!) {
  publishMarketSnapshot(input: $input) {
    isNew
    frozen
    snapshot { id asOf quality qualityReasons }
    userErrors { code field message }
  }
}`,
    variables: JSON.stringify(
      {
        input: {
          idempotencyKey: `market-${Date.now()}`,
          source: 'GraphiQL',
          underlyings: [
            { underlyingId: 'ALTA', kind: 'EQUITY', currency: 'USD', price: '182.40', rate: 0.041, dividendYield: 0 },
          ],
          quotes: [],
        },
      },
      null,
      2,
    ),
  },
  {
    query: `# Evaluates the firm once more. The same key returns the same run.
mutation StartRun($input: StartMarginRunInput!) {
  startMarginRun(input: $input) {
    run { id state accountsTotal }
    userErrors { code field message }
  }
}`,
    variables: JSON.stringify({ input: { idempotencyKey: `desk-${Date.now()}` } }, null, 2),
  },
];
