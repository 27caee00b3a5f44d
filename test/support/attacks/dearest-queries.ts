/** Near the cost limit, each in another way; every one is accepted. */
export const dearestQueries: Readonly<Record<string, string>> = {
  'requirement with detail of 50 accounts': `{ accounts(first: 50) { edges { node { code requirement { initial { amount }
    scenarios { index label loss } breakdown { label amount { amount } } contributions { euler increment } } } } } }`,
  'requirement of 500 accounts': `{ accounts(first: 500) { edges { node { code name requirement { status bufferRatio
    initial { amount } maintenance { amount } equity { amount } buffer { amount } run { id } } } } } }`,
  'positions of 100 accounts': `{ accounts(first: 100) { edges { node { positions(first: 100) { edges { node { quantity } } } } } } }`,
  'history of 15 accounts': `{ accounts(first: 15) { edges { node { bufferHistory(from: "2026-01-01T00:00:00Z",
    to: "2027-01-01T00:00:00Z", first: 500) { edges { node { at buffer { amount } } } } } } } }`,
  'liquidation levels of 3 accounts': `{ accounts(first: 3) { edges { node { liquidationLevels { __typename } } } } }`,
  'restoration of 9 accounts': `{ accounts(first: 9) { edges { node { restoration { optimal } } } } }`,
  'a binomial tree of 5000 steps': `{ price(input: { model: BINOMIAL_CRR, right: PUT, spot: "100", strike: "100",
    yearsToExpiry: 1, rate: 0.05, volatility: 0.2, steps: 5000 }) { price } }`,
};
