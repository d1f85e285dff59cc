// IDs in forms and in the queries of addresses.
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { largestId } from './id.pipe.js';

/** A property that may hold an ID; one that was left empty says nothing. */
export function Id(): PropertyDecorator {
  return (target, name) => {
    for (const decorate of [Max(largestId), Min(1), IsInt(), Transform(number), IsOptional()])
      decorate(target, name);
  };
}

/** Where a page of a list by ID lies. */
export class IdPlace {
  /** ID of the last row of the page before. */
  @Id()
  after?: number;

  /** ID of the first row of the page after. */
  @Id()
  before?: number;
}

function number({ value }: { value: unknown }): unknown {
  return value === '' ? undefined : Number(value);
}
