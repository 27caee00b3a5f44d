import { Module } from '@nestjs/common';
import { RunMarginModule } from '../run/run-margin.module';
import { DemoFirmWriter, DemoHistory, DemoRecords } from './demo-firm-writer';
import { LoadDemoFirm } from './load-demo-firm';

/** The demo firms; needs the stores of the persistence module. */
@Module({
  imports: [RunMarginModule],
  providers: [DemoRecords, DemoHistory, DemoFirmWriter, LoadDemoFirm],
  exports: [LoadDemoFirm],
})
export class DemoFirmModule {}
