import { createHash } from 'node:crypto';
import type { SourceStream } from '@ballast/formats';

/** Counts and hashes the bytes of a stream on their way. */
export class CountedStream implements SourceStream {
  bytes = 0;
  private readonly hash = createHash('sha256');

  constructor(
    private readonly source: SourceStream,
    private readonly onBytes: (bytes: number) => void,
  ) {}

  get name(): string {
    return this.source.name;
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.count();
  }

  /** SHA-256 of what went by; asked once, after the last chunk. */
  sha256(): string {
    return this.hash.digest('hex');
  }

  private async *count(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.source.chunks) {
      this.bytes += chunk.length;
      this.hash.update(chunk);
      this.onBytes(this.bytes);
      yield chunk;
    }
  }
}
