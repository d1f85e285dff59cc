// The servers by which a softphone finds a way through NATs: STUN tells it its address, TURN passes its sound on.
import { createHmac } from 'node:crypto';
import { hour, now } from '../web/clock.js';
import { environment } from '../web/environment.js';

/** As a browser's RTCPeerConnection takes it. */
export interface IceServer {
  urls: string;
  username?: string;
  credential?: string;
}

/** Longer than any call: a TURN server asks for the credential again while it goes on. */
const goodFor = 12 * hour;

/**
 * The operator's servers, those of TURN with a credential for twelve hours that bears the user's ID: coturn's
 * use-auth-secret (draft-uberti-behave-turn-rest-00). To be fetched anew before each call.
 */
export function iceServersFor(userId: number): IceServer[] {
  const { iceServers, turnSecret } = environment().sip;
  const username = `${Math.floor((now() + goodFor) / 1000)}:${userId}`;
  return iceServers.map((urls) => {
    if (!turnSecret || urls.startsWith('stun:')) return { urls };
    return { urls, username, credential: createHmac('sha1', turnSecret).update(username).digest('base64') };
  });
}
