// Who may use a route: metadata only, the guard in access enforces it. A route without one is refused, and a test finds it.
import { SetMetadata, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Permission } from './permissions.js';

export const ALLOW = 'rollcall:allow';

/** `monitor` = a machine that watches: nothing is asked of the database; `anyone` = without a sign-in; `signed-in` = everybody who is fully signed in; `unfinished` = also before an own password is chosen; `enrolling` = also before an app is set up that is due; `code` = between the password and the code. */
export type Allowed = Permission | 'monitor' | 'anyone' | 'signed-in' | 'unfinished' | 'enrolling' | 'code';

/** Lets those use the route who hold one of the permissions. */
export const Allow = (...allowed: [Allowed, ...Allowed[]]) => SetMetadata(ALLOW, allowed);

export const POLLED = 'rollcall:polled';

/** A page asks this route by itself, again and again: nobody need be there, so it keeps no session awake. */
export const Polled = () => SetMetadata(POLLED, true);
export const PROOF = 'rollcall:proof';

/** The route wants it proven again who sits there, unless that was done in the last ten minutes. */
export const Proof = () => SetMetadata(PROOF, true);

/** The person of the running request, as of this very request (never from the session's memory). */
export interface SignedIn {
  id: number;
  username: string;
  /** First and last name, or the username. */
  name: string;
  email: string;
  permissions: ReadonlySet<Permission>;
  language: string;
  timezone: string;
  /** True when a role limits this person to users of own desks. */
  ownDesksOnly: boolean;
  sessionId: number;
  /** May sign in from the tenant's extended address list too. */
  extendedAcl: boolean;
  /** What is still to be done before anything else opens. */
  due?: 'password' | 'authenticator';
  address: string;
  requestId: string;
}

declare module 'express-serve-static-core' {
  interface Request {
    signedIn?: SignedIn;
    /**
     * Goes on when the signed-in person proved in the last ten minutes who they are, or does so with this request; else
     * throws ProofNeeded. For routes that first look whether there is anything to prove it for; others have `@Proof()`.
     */
    prove: () => Promise<void>;
    /** Names this request in the log, the audit log and on error pages. */
    requestId: string;
  }
}

/** The signed-in person as a parameter of a handler. */
export const Signed = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest<Request>().signedIn;
});
