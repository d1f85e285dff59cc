// What the settings page says of servers beside Rollcall, told by the modules that talk to them.
import { Injectable } from '@nestjs/common';

@Injectable()
export class ServerStates {
  private readonly states = new Map<string, () => Promise<object>>();

  /**
   * Registers a server; called by the module that knows it.
   * @param name under which views/settings/settings.hbs shows the state
   */
  register(name: string, state: () => Promise<object>): void {
    this.states.set(name, state);
  }

  /** All states as they are now, by name. */
  async now(): Promise<Record<string, object>> {
    const found = [...this.states].map(async ([name, state]) => [name, await state()] as const);
    return Object.fromEntries(await Promise.all(found));
  }
}
