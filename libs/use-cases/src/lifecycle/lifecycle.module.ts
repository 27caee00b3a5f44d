import { Module } from '@nestjs/common';
import { AmendCalendar } from './amend-calendar';
import { ApplyLifecycleEvents, LifecycleStores } from './apply-lifecycle-events';
import { ApplyLifecycleFile } from './apply-lifecycle-file';
import { LifecycleBook } from './lifecycle-book';
import { LifecycleChangePlanner } from './lifecycle-changes';
import { LifecycleReversalPlanner } from './lifecycle-reversal';
import { ProcessExpiries } from './process-expiries';
import { ExpiryExposureStores, ReportExpiryExposure } from './report-expiry-exposure';
import { MarginCallTermsReader } from '../margin-call/margin-call-terms-reader';
import { MovedCallDeadlines } from '../margin-call/moved-call-deadlines';
import { RunMarginModule } from '../run/run-margin.module';

/** Life-cycle events; needs the stores of the persistence module. */
@Module({
  imports: [RunMarginModule],
  providers: [
    AmendCalendar,
    ApplyLifecycleEvents,
    ApplyLifecycleFile,
    LifecycleBook,
    LifecycleChangePlanner,
    LifecycleReversalPlanner,
    ExpiryExposureStores,
    LifecycleStores,
    MarginCallTermsReader,
    MovedCallDeadlines,
    ProcessExpiries,
    ReportExpiryExposure,
  ],
  exports: [AmendCalendar, ApplyLifecycleEvents, ApplyLifecycleFile, ProcessExpiries, ReportExpiryExposure],
})
export class LifecycleModule {}
