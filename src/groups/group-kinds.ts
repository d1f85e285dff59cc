// Desks, skill groups and queues have the same pages: what differs is where they are and what they are called.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { GroupKind } from './group.entity.js';

export interface GroupPages {
  kind: GroupKind;
  path: string;
  /** Tabs of Users Management stand above the list. */
  tabs: boolean;
  /** The users' flag that puts them into all groups of this kind, as a column. */
  flag?: string;
  title: string;
  newTitle: string;
  editTitle: string;
  /** Also the name of the button that does it. */
  deleteTitle: string;
  create: string;
  empty: { heading: string; text: string };
}

export const groupPages: readonly GroupPages[] = [
  {
    kind: 'desk',
    path: '/desks',
    tabs: true,
    flag: 'all_desks',
    title: 'Desks',
    newTitle: 'New Desk',
    editTitle: 'Edit Desk',
    deleteTitle: 'Delete Desk',
    create: 'Create Desk',
    empty: {
      heading: 'No desks yet',
      text: 'A desk says who may see the work of its users. Create the first one, then add users to it.',
    },
  },
  {
    kind: 'skill_group',
    path: '/skill-groups',
    tabs: true,
    flag: 'all_skill_groups',
    title: 'Skill Groups',
    newTitle: 'New Skill Group',
    editTitle: 'Edit Skill Group',
    deleteTitle: 'Delete Skill Group',
    create: 'Create Skill Group',
    empty: {
      heading: 'No skill groups yet',
      text: 'A skill group says which calls and leads reach its users. Create the first one, then add users to it.',
    },
  },
  {
    kind: 'queue',
    path: '/queues',
    tabs: false,
    title: 'Queues',
    newTitle: 'New Queue',
    editTitle: 'Edit Queue',
    deleteTitle: 'Delete Queue',
    create: 'Create Queue',
    empty: {
      heading: 'No queues yet',
      text: 'Calls wait in a queue until one of its users is free. Create the first one, then add users to it.',
    },
  },
];

/** The kind whose pages the request is for. */
export const Pages = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const path = context.switchToHttp().getRequest<Request>().path.toLowerCase();
  return groupPages.find((pages) => path === pages.path || path.startsWith(`${pages.path}/`));
});
