/** A value of the environment that cannot be used; the message names the variable and what it wants. */
export class EnvironmentError extends Error {}
