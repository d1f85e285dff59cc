// What the names in a file that the tenant does not know stand for: chosen once, for all rows that hold them.
import { listParts, trim } from '../users/read-field.js';
import { userFields, type Kin, type UserField } from '../users/user-fields.js';
import { one, type Answers } from './answers.js';

/** Kind of thing (`roles`, `desks`, …) -> name as the file writes it -> ID of the thing that it stands for, or `leftEmpty`. */
export type ValueChoices = Record<string, Record<string, number>>;

/** In place of an ID, which begin with 1: the name means nothing here. */
export const leftEmpty = 0;

/** How a name in a cell is compared with others: their case does not matter. */
export function choiceKey(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The choices of a file, to be asked for each of its cells. */
export class Choices {
  private readonly byKey: Map<string, Map<string, number>>;

  constructor(choices: ValueChoices) {
    const folded = (names: Record<string, number>) =>
      new Map(Object.entries(names).map(([name, id]) => [choiceKey(name), id]));
    this.byKey = new Map(Object.entries(choices).map(([kin, names]) => [kin, folded(names)]));
  }

  /** What was chosen for a name: an ID, `leftEmpty`, or nothing yet. */
  find(kin: Kin, name: string): number | undefined {
    return this.byKey.get(kin)?.get(choiceKey(name));
  }

  /** True when some name of this kind was left empty. */
  leavesEmpty(kin: Kin): boolean {
    return [...(this.byKey.get(kin)?.values() ?? [])].includes(leftEmpty);
  }
}

/** The names in a cell. */
export function partsOf({ kind }: UserField, text: string): string[] {
  return kind === 'several'
    ? listParts(text.normalize('NFC'))
    : [trim(text.normalize('NFC'))].filter(Boolean);
}

/** True for a field whose unknown names may be left out: no user needs a desk. */
export function mayBeEmpty({ required, onlyWith }: UserField): boolean {
  return !required && !onlyWith;
}

/**
 * The choices with those of the form "Match Names": `field.0`, `value.0` and `choice.0` (an ID, `empty`, or nothing to ask again)
 * for the first name, and so on. What the tenant does not have, and what the form cannot ask, is left out.
 */
export function withNames(
  choices: ValueChoices,
  form: Answers,
  { all }: { all: Record<Kin, { id: number }[]> },
): ValueChoices {
  const changed = { ...choices };
  for (let index = 0; form[`field.${index}`] !== undefined; index++) {
    const field = userFields.find(({ name, kin }) => kin && name === one(form[`field.${index}`]));
    if (!field?.kin) continue;
    const name = one(form[`value.${index}`]);
    const text = one(form[`choice.${index}`]);
    const chosen =
      text === 'empty' && mayBeEmpty(field)
        ? leftEmpty
        : all[field.kin].find(({ id }) => String(id) === text)?.id;
    const names = changed[field.kin] ?? {};
    const known = Object.keys(names).find((candidate) => choiceKey(candidate) === choiceKey(name)) ?? name;
    const { [known]: before, ...others } = names;
    if (chosen !== undefined) changed[field.kin] = { ...names, [known]: chosen };
    else if (before !== undefined) changed[field.kin] = others;
  }
  return changed;
}
