import { Module } from '@nestjs/common';
import { RunMarginModule } from '../run-margin.module';
import { DemoHistory, DemoRecords, LoadDemoFirm } from './load-demo-firm';

/** The demo firms; needs the stores of the persistence module. */
@Module({ imports: [RunMarginModule], providers: [DemoRecords, DemoHistory, LoadDemoFirm], exports: [LoadDemoFirm] })
export class DemoFirmModule {}
