import { Injectable, NotFoundException, type PipeTransform } from '@nestjs/common';

/** Largest ID that both engines can hold. */
export const largestId = 2_147_483_647;

/** An ID in an address: what cannot be one is not found, as an unknown one is. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > largestId) throw new NotFoundException();
    return Number(text);
  }
}
