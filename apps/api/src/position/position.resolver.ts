import type { Instrument as DomainInstrument, Position as DomainPosition } from '@ballast/domain';
import { ReadInstruments, UseCaseError } from '@ballast/use-cases';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../graphql/request-context';
import { Instrument } from '../instrument/instrument.model';
import { Position } from './position.model';

@Resolver(() => Position)
export class PositionResolver {
  constructor(private readonly readInstruments: ReadInstruments) {}

  @ResolveField(() => Instrument, { description: 'The contract held, with its terms.' })
  async instrument(
    @Parent() { instrumentId }: DomainPosition,
    @Context() { loaders }: RequestContext,
  ): Promise<DomainInstrument> {
    const instrument = await loaders.load(this.readInstruments, instrumentId);
    if (instrument === null) throw new UseCaseError('NOT_FOUND', 'no such instrument');
    return instrument;
  }
}
