import { Column } from 'typeorm';

/** A column with what digest authentication keeps of a SIP secret: as good as the secret, so it is never selected by the way. */
export function DigestColumn(): PropertyDecorator {
  return Column('varchar', { select: false });
}
