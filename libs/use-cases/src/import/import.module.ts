import { Module } from '@nestjs/common';
import { ImportAccounts } from './import-accounts';
import { ImportBalances } from './import-balances';
import { ImportCollateral } from './import-collateral';
import { ImportHaircuts } from './import-haircuts';
import { ImportInstruments } from './import-instruments';
import { ImportMarket } from './import-market';
import { ImportParameters } from './import-parameters';
import { ImportPositions } from './import-positions';
import { ImportPrices } from './import-prices';
import { InstrumentChecks } from './instrument-checks';
import { InstrumentRegistration } from './instrument-registration';
import { MarketModule } from '../market/market.module';
import { RiskParametersModule } from '../risk-parameters/risk-parameters.module';

const imports = [
  ImportAccounts,
  ImportBalances,
  ImportCollateral,
  ImportHaircuts,
  ImportInstruments,
  ImportMarket,
  ImportParameters,
  ImportPositions,
  ImportPrices,
];

/** Imports of files; needs the stores of the persistence module. */
@Module({
  imports: [MarketModule, RiskParametersModule],
  providers: [InstrumentChecks, InstrumentRegistration, ...imports],
  exports: imports,
})
export class ImportModule {}
