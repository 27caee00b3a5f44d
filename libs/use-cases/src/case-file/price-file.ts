import {
  type PriceCase,
  type PriceFigures,
  priceCaseHeader,
  priceResultColumns,
  readPriceCase,
} from '@ballast/formats';
import { americanAlo, americanBaw, bachelier, binomialCrr, black76, blackScholes } from '@ballast/pricing';
import {
  type CaseFileKind,
  type CaseFileSource,
  type CaseFileSummary,
  type CaseFileTarget,
  evaluateCaseFile,
} from './evaluate-case-file';

/** Prices every row of a file of cases (see `readPriceCase`). @throws FileRefusal when the file is no such table */
export function priceFile(source: CaseFileSource, target: CaseFileTarget): Promise<CaseFileSummary> {
  return evaluateCaseFile(source, target, priceFileKind);
}

const priceFileKind: CaseFileKind = {
  readHeader: priceCaseHeader,
  resultColumns: [...priceResultColumns, 'error'],
  evaluate: (header, cells) => ({ ...priceCase(readPriceCase(header, cells)) }),
};

/** Prices one contract by the model it names. @throws PricingInputError */
export function priceCase(contract: PriceCase): PriceFigures {
  switch (contract.model) {
    case 'black-scholes':
      return blackScholes(contract);
    case 'black76':
      return black76(contract);
    case 'bachelier':
      return bachelier(contract);
    case 'american-alo':
      return americanAlo(contract);
    case 'american-baw':
      return americanBaw(contract);
    case 'binomial-crr':
      return binomialCrr(contract);
  }
}
