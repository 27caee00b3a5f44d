import type { ImportProgress } from '@ballast/use-cases';
import { type ProgressBar, startProgressBar } from '../progress-bar';

const labels = { read: 'reading', store: 'storing' } as const;
const units = { read: 'bytes', store: 'rows' } as const;

/** Progress of an import on a terminal: one bar for the bytes read, one for the rows stored. */
export class ImportBars {
  private phase: ImportProgress['phase'] | undefined;
  private bar: Promise<ProgressBar> | undefined;

  /** @param size  bytes of the file; undefined when it streams in without an end in sight */
  constructor(private readonly size: number | undefined) {}

  show({ phase, done, total }: ImportProgress): void {
    if (phase !== this.phase) {
      this.stop();
      this.phase = phase;
      if (phase === 'check') return;
      this.bar = startProgressBar(labels[phase], phase === 'read' ? this.size : total, { unit: units[phase] });
    }
    void this.bar?.then((bar) => bar.update(done, done));
  }

  stop(): void {
    void this.bar?.then((bar) => bar.stop());
    this.bar = undefined;
  }
}
