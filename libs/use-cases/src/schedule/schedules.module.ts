import { Module } from '@nestjs/common';
import { MaintainHistory } from '../maintain-history';
import { MarginCallsModule } from '../margin-calls.module';
import { RunMarginModule } from '../run-margin.module';
import { VerifyHistory } from '../verify-history';
import { ScheduledRuns } from './scheduled-runs';
import { Schedules } from './schedules';

/** What is done by the clock; needs the stores of the persistence module. */
@Module({
  imports: [MarginCallsModule, RunMarginModule],
  providers: [VerifyHistory, MaintainHistory, ScheduledRuns, Schedules],
  exports: [Schedules],
})
export class SchedulesModule {}
