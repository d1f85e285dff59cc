// What the table of users is narrowed to: as it stands in the address, and as the database is asked.
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { SelectQueryBuilder } from 'typeorm';
import { sipSettings } from '../sip/sip-settings.js';
import { Id } from '../web/id-field.js';
import { columns, orders, type ColumnName } from './table-columns.js';
import type { TwoFactor } from './effective.js';
import { User } from './user.entity.js';

export const states = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'never', label: 'Never signed in' },
] as const;

export const twoFactors = [
  { value: 'disabled', label: 'Disabled' },
  { value: 'email', label: 'Email' },
  { value: 'google', label: 'Google 2FA App' },
] as const;

// A control of a form that was left empty says nothing.
const text = ({ value }: { value: unknown }) => (value === '' ? undefined : value);

function Choice(values: readonly string[]): PropertyDecorator {
  return (target, name) => {
    for (const decorate of [IsIn(values), Transform(text), IsOptional()]) decorate(target, name);
  };
}

/** What the table is narrowed to, all of it together. */
export class UserFilters {
  /** Words to look for. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  /** IDs; who is in all desks or all skill groups by the flag is in each. */
  @Id()
  desk?: number;

  @Id()
  role?: number;

  @Id()
  skillGroup?: number;

  @Choice(states.map(({ value }) => value))
  status?: (typeof states)[number]['value'];

  @Choice(sipSettings.map(({ value }) => value))
  sip?: string;

  /** The second factor that holds in the end: own, else roles', else the tenant's. */
  @Choice(twoFactors.map(({ value }) => value))
  twoFactor?: TwoFactor;

  /** ID of the import that made the users. */
  @Id()
  import?: number;
}

/** The address of the table. */
export class UsersQuery extends UserFilters {
  @Choice(orders)
  sort?: string;

  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? [value] : (value as unknown)))
  @IsIn(columns.map(({ name }) => name), { each: true })
  column?: ColumnName[];

  /** The row after which the page begins: `<id>.<key>`. */
  @IsOptional()
  @Matches(/^\d{1,10}\.[^\p{Cc}]{0,260}$/u)
  after?: string;

  /** The row before which the page ends. */
  @IsOptional()
  @Matches(/^\d{1,10}\.[^\p{Cc}]{0,260}$/u)
  before?: string;
}

const names = ['q', 'desk', 'role', 'skillGroup', 'status', 'sip', 'twoFactor', 'import'] as const;

/** The filters that are set, alone. */
export function filtersIn(query: UserFilters): UserFilters {
  const set = names.map((name) => [name, name === 'q' ? query.q?.trim() : query[name]]);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== '')) as UserFilters;
}

/**
 * Narrows a query over users, whose alias is `user`. The search is not part of it: see user-search.ts.
 * @param hasFactor SQL of the filter by second factor, see second-factor-filter.ts
 */
export function filtered(
  query: SelectQueryBuilder<User>,
  filters: UserFilters,
  hasFactor: string | undefined,
): SelectQueryBuilder<User> {
  const { desk, role, skillGroup, status, sip } = filters;
  const on = { on: true };
  if (desk !== undefined) query.andWhere(`(user.allDesks = :on OR ${isIn('desk')})`, { ...on, desk });
  if (skillGroup !== undefined)
    query.andWhere(`(user.allSkillGroups = :on OR ${isIn('skillGroup')})`, { ...on, skillGroup });
  if (role !== undefined) query.andWhere(holds('= :role'), { role });
  if (status === 'never') query.andWhere('user.lastSignInAt IS NULL');
  else if (status) query.andWhere(status === 'active' ? 'user.active' : 'NOT user.active');
  if (sip !== undefined) query.andWhere('user.sip = :sip', { sip });
  if (filters.import !== undefined) query.andWhere('user.importId = :importId', { importId: filters.import });
  if (hasFactor) query.andWhere(hasFactor);
  return query;
}

function isIn(parameter: string): string {
  return `EXISTS (SELECT 1 FROM user_groups joined WHERE joined.user_id = user.id AND joined.group_id = :${parameter})`;
}

function holds(roles: string): string {
  return `EXISTS (SELECT 1 FROM user_roles held WHERE held.user_id = user.id AND held.role_id ${roles})`;
}
