import { HttpException } from '@nestjs/common';

/** Something was tried too often: 429, with the time after which it may be tried again. */
export class TooMany extends HttpException {
  /**
   * @param freeAt milliseconds since 1970
   * @param message what to do, an English sentence
   * @param values what its names in braces stand for
   */
  constructor(
    readonly freeAt: number,
    message: string,
    readonly values: Record<string, number> = {},
  ) {
    super(message, 429);
  }
}
