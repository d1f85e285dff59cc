// What can be chosen of signing in: by a user, by a role and by the tenant (PRODUCT.md section 3).

export const twoFactorTypes = [
  { value: 'disabled', label: 'Disabled - login without 2FA' },
  { value: 'email', label: 'Email - with one-time code' },
  { value: 'google', label: 'Google 2FA App - with one-time code' },
] as const;

/** Minutes from sign-in. */
export const sessionTimes = [
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '120', label: '2 hours' },
  { value: '240', label: '4 hours' },
  { value: '480', label: '8 hours' },
  { value: '720', label: '12 hours' },
  { value: '1440', label: '24 hours' },
  { value: '10080', label: '7 days' },
] as const;

export const sessionCounts: readonly { value: string; label: string }[] = [
  { value: 'unlimited', label: 'Unlimited' },
  ...Array.from({ length: 20 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) })),
];

/** What each choice comes to where it is the default of somebody: without the words that explain it. */
export function shortLabel(choices: readonly { value: string; label: string }[], value: string): string {
  const label = choices.find((choice) => choice.value === value)?.label ?? value;
  return label.split(' - ')[0];
}

/** The choice that stands for a stored number of sessions: 0 = unlimited. */
export function countChoice(sessions: number): string {
  return sessions === 0 ? 'unlimited' : String(sessions);
}
