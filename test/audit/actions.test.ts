// Every action that the code records has its words in src/audit/actions.ts.
import { actionGroups, actionText } from '../../src/audit/actions.js';
import { filesBelow } from '../house/files.js';

/** What stands for the variable part of an action. */
const parts: Record<string, string[]> = {
  '${kind}': ['desk', 'skill_group', 'queue'],
  '${how}': ['finished', 'cancelled', 'failed'],
};

test('every action that is recorded has its words', () => {
  const recorded = filesBelow('src', '.ts').flatMap(({ text }) => actionsIn(text));
  expect(recorded.length).toBeGreaterThan(25);
  expect([...new Set(recorded)].filter((action) => actionText(action) === action)).toEqual([]);
});

test('no two actions have the same words', () => {
  const words = actionGroups.flatMap(({ actions }) => Object.values(actions));
  expect(words.filter((text, index) => words.indexOf(text) !== index)).toEqual([]);
});

test('actions are found in plain, variable and chosen ones', () => {
  const code = `
    record(manager, person, { action: 'role.created', subject });
    record(manager, person, { action: \`\${kind}.deleted\` });
    record(manager, person, { action: on ? 'user.activated' : 'user.deactivated' });
    runMigrations({ transaction: 'each' });
    return { title: 'New Role', action: '/roles', button: 'Create Role' };`;
  expect(actionsIn(code)).toEqual([
    'role.created',
    'desk.deleted',
    'skill_group.deleted',
    'queue.deleted',
    'user.activated',
    'user.deactivated',
  ]);
});

function actionsIn(code: string): string[] {
  const values = [...code.matchAll(/\baction:\s*([^,;\n]+)/g)].map(([, value]) => value);
  const literals = values.flatMap((value) => [...value.matchAll(/['`]([a-z_${}]+(\.[a-z_${}]+)?)['`]/g)]);
  return literals.flatMap(([, action]) => {
    const variable = Object.keys(parts).find((part) => action.includes(part));
    return variable ? parts[variable].map((word) => action.replace(variable, word)) : [action];
  });
}
