import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('pbx_domains')
export class PbxDomain {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  name: string;

  @Column('varchar')
  nameKey: string;

  /** Host that calls to devices of this domain go to. */
  @Column('varchar')
  host: string;

  /** Where to send them when it is not the host itself: host[:port]. */
  @Column('varchar', { nullable: true })
  nextHop: string | null;

  @Column('varchar', { default: 'udp' })
  transport: 'udp' | 'tcp' | 'tls';

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint')
  createdAt: number;
}
