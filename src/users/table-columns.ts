// The columns of the table of users, and what it can be sorted by.
import { BadRequestException } from '@nestjs/common';
import { largestId } from '../web/id.pipe.js';
import type { Place } from '../web/paging.js';

/** In the order of the table. Username is always there: it names the row. */
export const columns = [
  { name: 'id', label: 'ID' },
  { name: 'username', label: 'Username' },
  { name: 'name', label: 'Name' },
  { name: 'email', label: 'Email' },
  { name: 'extension', label: 'Extension' },
  { name: 'roles', label: 'Roles' },
  { name: 'desks', label: 'Desks' },
  { name: 'sip', label: 'SIP' },
  { name: 'active', label: 'Active' },
  { name: 'signedIn', label: 'Last sign-in' },
  { name: 'created', label: 'Created' },
] as const;

export type ColumnName = (typeof columns)[number]['name'];

interface Sort {
  /** What the rows are compared by; an index begins with it. */
  key: string;
  /** Largest number that it can be; missing for texts. */
  largest?: number;
  /** Several users may have the same: the ID decides among them. */
  shared?: true;
}

const sorts: Partial<Record<ColumnName, Sort>> = {
  id: { key: 'user.id', largest: largestId },
  username: { key: 'user.usernameKey' },
  name: { key: 'user.nameKey', shared: true },
  email: { key: 'user.emailKey' },
  extension: { key: 'user.extension', largest: largestId },
  signedIn: { key: 'COALESCE(user.lastSignInAt, 0)', largest: Number.MAX_SAFE_INTEGER, shared: true },
  created: { key: 'user.createdAt', largest: Number.MAX_SAFE_INTEGER, shared: true },
};

/** An order of the table as it stands in the address: `name`, or `-name` for falling. */
export const orders: string[] = Object.keys(sorts).flatMap((name) => [name, `-${name}`]);

export const usualOrder = 'username';

/** An order as the database is asked. */
export interface Order extends Sort {
  falling: boolean;
}

/** @param name one of `orders` */
export function orderOf(name: string): Order {
  const falling = name.startsWith('-');
  return { ...sorts[(falling ? name.slice(1) : name) as ColumnName]!, falling };
}

/** By ID. @param key the column that holds it, see Selection */
export function byId(key: string, falling: boolean): Order {
  return { key, largest: largestId, falling };
}

export function isSortable(name: ColumnName): boolean {
  return name in sorts;
}

/** Where a row stands, as it is kept in the address: its ID and its key. */
export function placeOf(row: { id: number; sortKey: string | number }): string {
  return `${row.id}.${row.sortKey}`;
}

/** The row at which a page begins or ends. */
export interface Edge {
  id: number;
  key: string | number;
  /** The page ends before the row. */
  before: boolean;
}

/** Reads a place of the address; undefined for the first page. Throws when it cannot be one of this order. */
export function edgeOf({ after, before }: Place, { largest }: Order): Edge | undefined {
  const text = before ?? after;
  if (text === undefined) return undefined;
  const [, digits, key] = /^(\d{1,10})\.(.*)$/u.exec(text) ?? [];
  const number = Number(key);
  if (key === undefined || Number(digits) > largestId) throw new BadRequestException();
  if (largest !== undefined && !(/^\d{1,16}$/.test(key) && number <= largest))
    throw new BadRequestException();
  return { id: Number(digits), key: largest === undefined ? key : number, before: before !== undefined };
}
