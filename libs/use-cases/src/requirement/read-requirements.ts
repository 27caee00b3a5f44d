import type { StoredRequirement } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { ReadRequirement, type RequirementQuestion } from './read-requirement';
import type { ReadSession } from '../question/read-session';

/** Finds the requirements of all rows of a page at once, and of many pages together. */
@Injectable()
export class ReadRequirements implements BatchRead<
  readonly RequirementQuestion[],
  readonly (StoredRequirement | null)[]
> {
  constructor(private readonly readRequirement: ReadRequirement) {}

  /** A list of questions is the same one only where it is the same object: to compare them costs more than to answer. */
  readonly keyOf = (page: readonly RequirementQuestion[]): unknown => page;

  async executeMany(
    session: ReadSession,
    pages: readonly (readonly RequirementQuestion[])[],
  ): Promise<readonly (readonly (StoredRequirement | null)[])[]> {
    const answers = await this.readRequirement.executeMany(session, pages.flat());
    let start = 0;
    return pages.map(({ length }) => answers.slice(start, (start += length)));
  }
}
