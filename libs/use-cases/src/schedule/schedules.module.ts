import { Module } from '@nestjs/common';
import { MaintainHistory } from '../history/maintain-history';
import { MarginCallsModule } from '../margin-call/margin-calls.module';
import { RunMarginModule } from '../run/run-margin.module';
import { VerifyHistory } from '../history/verify-history';
import { ScheduledRuns } from './scheduled-runs';
import { Schedules } from './schedules';

/** What is done by the clock; needs the stores of the persistence module. */
@Module({
  imports: [MarginCallsModule, RunMarginModule],
  providers: [VerifyHistory, MaintainHistory, ScheduledRuns, Schedules],
  exports: [Schedules],
})
export class SchedulesModule {}
