import type { Permission } from '@ballast/use-cases';

/**
 * Who may follow a field: whoever was given the object it stands on, holders of a permission, or holders of a permission
 * while everybody else reads null.
 */
export type FieldRule = 'with-parent' | Permission | { readonly nullWithout: Permission };

/** Access to the fields of one type. */
export interface TypeRule {
  /** Who may see the plain values of the type: fields without arguments that hold no object; nobody where null. */
  readonly values: FieldRule | null;
  /** Every field that takes arguments or leads to an object. One that is not named is denied to everybody. */
  readonly edges: Readonly<Record<string, FieldRule>>;
}

const within = (...names: string[]): Record<string, FieldRule> =>
  Object.fromEntries(names.map((name) => [name, 'with-parent' as const]));

/** Types that lead somewhere: roots, and objects with fields that are read on their own. */
const entities: Readonly<Record<string, TypeRule>> = {
  Query: {
    values: null,
    edges: {
      account: 'read-accounts',
      accounts: 'read-accounts',
      firmRisk: 'read-firm',
      instrument: 'read-reference',
      instruments: 'read-reference',
      marginCalls: 'read-accounts',
      marginRun: 'read-firm',
      marginRuns: 'read-firm',
      marketSnapshot: 'read-reference',
      price: 'price',
      reconciliation: 'read-firm',
      riskParameterSets: 'read-reference',
    },
  },
  Mutation: {
    values: null,
    edges: {
      acknowledgeMarginCall: 'manage-margin-calls',
      approveRiskParameters: 'decide-parameters',
      importPositions: 'record-holdings',
      proposeRiskParameters: 'propose-parameters',
      publishMarketSnapshot: 'publish-snapshots',
      recordBalance: 'record-holdings',
      recordMarginCallPayment: 'record-payments',
      rejectRiskParameters: 'decide-parameters',
      releaseHeldRequirements: 'release-requirements',
      resolveReconciliationBreaks: 'reconcile',
      setBufferPolicy: 'set-policy',
      setRiskControls: 'set-controls',
      startMarginRun: 'start-run',
      waiveMarginCall: 'manage-margin-calls',
      startReconciliation: 'reconcile',
    },
  },
  Subscription: {
    values: null,
    edges: { bufferChanged: 'read-accounts', marginCallRaised: 'read-accounts', marginRunProgress: 'read-firm' },
  },
  Account: {
    values: 'read-accounts',
    edges: {
      ...within(
        'attribution',
        'balances',
        'bufferHistory',
        'bufferPolicy',
        'collateral',
        'greeks',
        'lifecycleEvents',
        'positions',
      ),
      ...within('marginCalls', 'requirement'),
      liquidationLevels: 'analyse',
      marketLevels: 'analyse',
      restoration: 'analyse',
      stress: 'analyse',
      whatIf: 'analyse',
      valueAtRisk: 'analyse',
      breachProbability: 'analyse',
      recommendedBuffer: 'analyse',
    },
  },
  MarginRequirement: {
    values: 'read-accounts',
    edges: within('breakdown', 'buffer', 'collateral', 'collateralValue', 'contributions', 'equity', 'equityComponents', 'excess',
      'hold', 'initial', 'maintenance', 'netOptionValue', 'parameterSet', 'run', 'scenarios', 'worstScenario'), // prettier-ignore
  },
  MarginCall: {
    values: 'read-accounts',
    edges: within(
      'account',
      'amount',
      'deadlinesByCalendarOfNow',
      'events',
      'lateFee',
      'liquidationPenalty',
      'outstanding',
      'paid',
      'waiver',
    ),
  },
  MarginRun: { values: 'read-accounts', edges: within('parameterSets', 'snapshot') },
  MarketSnapshot: { values: 'read-reference', edges: within('fx', 'quotes', 'underlyings') },
  ParameterImpact: { values: 'read-firm', edges: within('accounts', 'totals') },
  Position: { values: 'read-accounts', edges: within('instrument') },
  RiskParameterSet: {
    values: 'read-reference',
    edges: { impact: { nullWithout: 'read-firm' }, ...within('parameters') },
  },
  Reconciliation: { values: 'read-firm', edges: within('breaks', 'run') },
  ReconciliationBreak: { values: 'read-firm', edges: within('cause', 'resolutions') },
  ReleaseHeldRequirementsPayload: { values: 'with-parent', edges: within('run', 'userErrors') },
};

/** Types whose every field belongs to the object it came with: nothing of them is read on its own, nothing takes arguments. */
const values: ReadonlySet<string> = new Set([
  'AccountConnection',
  'AccountEdge',
  'AccountFigures',
  'AccountFiguresChange',
  'AttributedChange',
  'AttributionEnd',
  'Balance',
  'BreakCause',
  'BreakCauseComponent',
  'BreakCauseStep',
  'BreakResolution',
  'ReconciliationBreakConnection',
  'ReconciliationBreakEdge',
  'ResolveReconciliationBreaksPayload',
  'StartReconciliationPayload',
  'BreachInstant',
  'BreachCheck',
  'BreachProbability',
  'BreakdownNode',
  'BufferObservation',
  'BufferObservationConnection',
  'BufferObservationEdge',
  'BufferPolicy',
  'CashEffect',
  'CollateralHolding',
  'Concentration',
  'ConcentrationShare',
  'Deliverable',
  'DeliverableComponent',
  'EquityComponent',
  'FactorAttribution',
  'FirmRisk',
  'FirmScenario',
  'FirmScenarioAccount',
  'ForwardQuote',
  'FxHaircut',
  'FxRate',
  'GreeksGroup',
  'HistoricalLoss',
  'ImportPositionsPayload',
  'Instrument',
  'InstrumentConnection',
  'InstrumentEdge',
  'InstrumentQuote',
  'InstrumentQuoteConnection',
  'InstrumentQuoteEdge',
  'LifecycleCollateralEffect',
  'LifecycleEvent',
  'LifecycleEventConnection',
  'LifecycleEventEdge',
  'LifecyclePositionEffect',
  'LiquidationLevel',
  'LiquidationMoves',
  'LiquidationPoint',
  'MarginCallConnection',
  'MarginCallDeadlines',
  'MarginCallEdge',
  'MarginCallEvent',
  'MarginCallPayload',
  'MarginCallWaiver',
  'MarginRunConnection',
  'MarginRunEdge',
  'MarginRunProgress',
  'MarketLevels',
  'Money',
  'PageInfo',
  'ParameterImpactRow',
  'ParameterImpactRowConnection',
  'ParameterImpactRowEdge',
  'ParameterImpactTotal',
  'PositionConnection',
  'PositionContribution',
  'PositionEdge',
  'PriceResult',
  'PublishMarketSnapshotPayload',
  'RecommendedBuffer',
  'RecordBalancePayload',
  'ReleaseAmount',
  'RequirementAttribution',
  'RequirementHold',
  'RestorationPlan',
  'ReturnWindow',
  'ReverseStress',
  'ReverseStressFactor',
  'ReverseStressMove',
  'ReverseStressPoint',
  'ReverseStressSearch',
  'ReverseStressSides',
  'RiskControls',
  'RiskInterval',
  'RiskParameter',
  'RiskParametersPayload',
  'ScenarioLoss',
  'SetBufferPolicyPayload',
  'SetRiskControlsPayload',
  'SizingComponent',
  'SizingInput',
  'StandaloneRisk',
  'StartMarginRunPayload',
  'StressFigure',
  'StressOutcome',
  'StressResult',
  'TimeToBreach',
  'UnderlyingAttribution',
  'UnderlyingGreeks',
  'UnderlyingQuote',
  'UnderlyingStress',
  'UserError',
  'ValueAtRisk',
  'WhatIfResult',
]);

/**
 * The rule of a field, or null where nobody has stated one: such a field is denied to everybody.
 *
 * @param isEdge  true for a field that takes arguments or leads to an object
 */
export function fieldRule(typeName: string, fieldName: string, isEdge: boolean): FieldRule | null {
  if (values.has(typeName)) return 'with-parent';
  const entity = Object.hasOwn(entities, typeName) ? entities[typeName] : undefined;
  if (entity === undefined) return null;
  if (!isEdge) return entity.values;
  return Object.hasOwn(entity.edges, fieldName) ? (entity.edges[fieldName] ?? null) : null;
}

/** What the table says, to be compared with a schema. */
export const statedRules = { entities, values };
