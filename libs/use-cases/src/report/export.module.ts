import { Module } from '@nestjs/common';
import { ExportList, ExportReferences } from './export-list';

/** Exports of lists; needs the stores of the persistence module. */
@Module({ providers: [ExportReferences, ExportList], exports: [ExportList] })
export class ExportModule {}
