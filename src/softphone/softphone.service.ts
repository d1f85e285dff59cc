// Who has a softphone, and what its page needs to register (PRODUCT.md section 8).
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { Database } from '../database/database.js';
import { iceServersFor, type IceServer } from '../sip/ice-servers.js';
import { Softphones, type OpenSoftphone } from '../sip/softphones.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { environment } from '../web/environment.js';

/** A user whose calls ring in the browser. */
export interface OwnSoftphone {
  extension: number;
  /** sip:EXTENSION@REALM */
  address: string;
  /** The SIP server's WebSocket, ws:// or wss://. */
  server: string;
}

/** Where the calls of anybody else ring; for `webrtc`: nowhere, while no SIP server is set up. */
export type Elsewhere = Pick<User, 'sip' | 'extension' | 'pbxDevice' | 'customUri'>;

@Injectable()
export class SoftphoneService {
  constructor(
    private readonly database: Database,
    private readonly softphones: Softphones,
  ) {}

  /** The person's own softphone, or where else their calls ring. */
  async of(person: SignedIn): Promise<OwnSoftphone | Elsewhere> {
    const user = await this.database.read.findOneByOrFail(User, { id: person.id });
    const { configured, realm, webSocketUrl } = environment().sip;
    const { sip, extension } = user;
    if (sip !== 'webrtc' || !configured || !webSocketUrl) return user;
    return { extension, address: `sip:${extension}@${realm}`, server: webSocketUrl };
  }

  /** A credential for a page that opens; it ends with the page, and with the sign-in at the latest. */
  async open(person: SignedIn): Promise<OpenSoftphone & { iceServers: IceServer[] }> {
    const phone = await this.of(person);
    if (!('server' in phone)) throw new ConflictException('Your calls do not ring in the browser.');
    const { extension } = phone;
    const opened = await this.softphones.open({ userId: person.id, sessionId: person.sessionId, extension });
    return { ...opened, iceServers: iceServersFor(person.id) };
  }

  /** Not found once the page's credential has ended. */
  async mustBeOpen(id: number, person: SignedIn): Promise<void> {
    if (!(await this.softphones.isOpen(id, person.sessionId))) throw new NotFoundException();
  }

  /** Ends the credential of a page that closes. One that has ended is no problem. */
  async close(id: number, person: SignedIn): Promise<void> {
    await this.softphones.close(id, person.sessionId);
  }
}
