import type { OptionInstrument } from '@ballast/domain';
import { buildRequirement, indeterminateRequirement, requirementMoney } from '../build-requirement';
import { currencyRate } from '../fx-to-base';
import { draftInformation } from '../information-drafts';
import type { ModelChoice } from '../instrument-valuation';
import { buildBreakdown, type BreakdownDraft } from '../margin-breakdown';
import type { BookPreparation } from '../margin-book';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { computeContributions } from '../position-contributions';
import { computePositionGreeks } from '../position-greeks';
import { valuePositions } from '../value-positions';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { buildSensitivityBook, netBook } from './sensitivity-book';
import type { SensitivityCharge } from './sensitivity-charge';
import type { SensitivityParameters } from './sensitivity-parameters';
import { takeSensitivityApart } from './sensitivity-parts';
import { computeNetRisk, type ProductClassRisk } from './sensitivity-risk';
import { requireOneSource, sourcesOfPositions, sourcesOfSensitivities } from './sensitivity-source';

/** Greeks-based margin: delta, vega and curvature with concentration and correlations (methodology §4). */
export const sensitivityMethod: MarginMethod<SensitivityParameters> = {
  methodology: 'SENSITIVITY',
  parseParameters: parseSensitivityParameters,
  computeRequirement: computeSensitivityRequirement,
  prepareBook: prepareRiskBook,
};

/**
 * Computes the requirement from ready sensitivities, or from positions through our Greeks; initial and maintenance are
 * equal, there are no scenarios. Without ready sensitivities every position needs a price or a volatility.
 */
export function computeSensitivityRequirement(input: MarginInput<SensitivityParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters, shared } = input;
  requireOneSource(portfolio);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel, shared });
  if (valuation.status === 'indeterminate') {
    const { reasons, warnings } = valuation;
    return indeterminateRequirement({ methodology: 'SENSITIVITY', reasons, warnings });
  }
  const { positions } = valuation;
  const ready = portfolio.sensitivities ?? [];
  const sources =
    ready.length > 0 ? sourcesOfSensitivities(ready) : sourcesOfPositions(positions, parameters, snapshot, shared);
  const currency = portfolio.baseCurrency;
  const toBase = sources.length === 0 ? 1 : currencyRate(snapshot, { from: 'USD', to: currency });
  const quantities = sources.map(({ quantity }) => quantity);
  const book = buildSensitivityBook(sources, parameters.buckets, shared);
  const riskOf = (held: ArrayLike<number>) => computeNetRisk(netBook(book, held), parameters);
  const requirementOf = (held: ArrayLike<number>) => riskOf(held).total * toBase;
  const risk = riskOf(quantities);
  const requirement = risk.total * toBase;
  const model = {
    initialRequirement: requirement,
    maintenanceRequirement: requirement,
    netOptionValue: computeNetOptionValue(positions),
  };
  const draft = () => [
    draftBreakdown(risk.classes, { requirement, toBase, currency }),
    ...draftInformation({ currency, ...model, quantities, requirementOf }),
  ];
  const instrumentIds = sources.map(({ id }) => id);
  return buildRequirement({
    methodology: 'SENSITIVITY',
    currency,
    model,
    worstScenario: null,
    scenarios: [],
    breakdown: () => buildBreakdown(draft(), currency),
    contributions: () => computeContributions({ instrumentIds, quantities, requirementOf }),
    greeks: computePositionGreeks(positions, shared),
    warnings: [...valuation.warnings, ...bucketWarnings(positions)],
  });
}

/** Ready sensitivities are a book without contracts, whose requirement no quantity changes. */
function prepareRiskBook(input: MarginInput<SensitivityParameters>): BookPreparation {
  const { portfolio, snapshot, parameters, shared } = input;
  requireOneSource(portfolio);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel, shared });
  if (valuation.status === 'indeterminate') return valuation;
  const { positions } = valuation;
  const ready = portfolio.sensitivities ?? [];
  const sources =
    ready.length > 0 ? sourcesOfSensitivities(ready) : sourcesOfPositions(positions, parameters, snapshot, shared);
  const toBase = sources.length === 0 ? 1 : currencyRate(snapshot, { from: 'USD', to: portfolio.baseCurrency });
  const book = buildSensitivityBook(sources, parameters.buckets, shared);
  const figuresOf = (quantities: ArrayLike<number>) => {
    const held = ready.length > 0 ? sources.map(({ quantity }) => quantity) : quantities;
    const requirement = computeNetRisk(netBook(book, held), parameters).total * toBase;
    return { initialRequirement: requirement, maintenanceRequirement: requirement };
  };
  const takeApart = () => {
    const held = sources.map(({ quantity }) => quantity);
    return takeSensitivityApart(book, ready.length > 0 ? [] : positions, { held, parameters, toBase });
  };
  return { status: 'valued', book: { positions, subadditive: false, figuresOf, takeApart } };
}

function chooseModel(instrument: OptionInstrument): ModelChoice {
  return { model: instrument.exercise === 'american' ? 'american-alo' : 'black-scholes' };
}

function bucketWarnings(positions: Parameters<typeof computePositionGreeks>[0]): readonly string[] {
  const underlyings = new Set(positions.map(({ contract }) => contract.underlying));
  return [...underlyings]
    .filter(({ sensitivityBucket }) => sensitivityBucket === undefined)
    .map(({ underlyingId }) => `${underlyingId}: no sensitivityBucket, charged in the residual bucket`);
}

function draftBreakdown(
  classes: readonly ProductClassRisk[],
  unit: { readonly requirement: number; readonly toBase: number; readonly currency: string },
): BreakdownDraft {
  const value = requirementMoney(unit.requirement, unit.currency);
  return {
    kind: 'requirement',
    label: 'Initial requirement',
    basis: 'equal to the maintenance requirement',
    value,
    children: [
      {
        kind: 'maintenance-requirement',
        label: 'Maintenance requirement',
        basis: `sum of ${classes.length} product classes`,
        value,
        children: classes.map((own) => ({
          kind: 'product-class',
          label: own.productClass,
          basis: 'delta + vega + curvature',
          value: own.total * unit.toBase,
          children: [
            draftCharge('delta', 'Delta', own.delta, unit.toBase),
            draftCharge('vega', 'Vega', own.vega, unit.toBase),
            draftCharge('curvature', 'Curvature', own.curvature, unit.toBase),
          ],
        })),
      },
    ],
  };
}

function draftCharge(kind: string, label: string, charge: SensitivityCharge, toBase: number): BreakdownDraft {
  const alone = charge.buckets.reduce((sum, { amount }) => sum + amount, 0);
  const buckets = charge.buckets.map(({ bucket, amount }) => ({
    kind: 'bucket',
    label: `${label} of bucket ${bucket}`,
    basis: 'charge of the bucket alone',
    value: amount * toBase,
  }));
  const diversification = {
    kind: 'diversification',
    label: 'Diversification between buckets',
    basis: 'combined charge less the buckets alone',
    value: (charge.total - alone) * toBase,
  };
  return {
    kind,
    label,
    basis: `${charge.buckets.length} buckets combined by their correlations, the residual bucket added`,
    value: charge.total * toBase,
    children: charge.buckets.length > 1 ? [...buckets, diversification] : buckets,
  };
}
