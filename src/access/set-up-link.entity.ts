import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The one-time link that makes the first administrator. */
@Entity('set_up_links')
export class SetUpLink {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  tokenHash: string;

  @Column('bigint')
  createdAt: number;

  @Column('bigint', { nullable: true })
  usedAt: number | null;
}
