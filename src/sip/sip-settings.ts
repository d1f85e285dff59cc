// The four ways a user can be called, as data (PRODUCT.md section 3).

export const sipSettings = [
  {
    value: 'webrtc',
    label: 'Use WebRTC',
    words: ['webrtc'],
    help: 'The phone rings in the browser, on the softphone built into Rollcall.',
    needs: [],
  },
  {
    value: 'classic_pbx',
    label: 'Use classic PBX',
    words: ['classic', 'classic pbx'],
    help: 'A device in one of the PBX domains rings.',
    needs: ['pbxDomain', 'pbxDevice'],
  },
  {
    value: 'custom_uri',
    label: 'Use Custom URI',
    words: ['uri', 'custom', 'custom uri'],
    help: 'An address on a third-party PBX rings.',
    needs: ['customUri'],
  },
  {
    value: 'builtin_pbx',
    label: 'Use Built-in PBX',
    words: ['builtin', 'built-in', 'built-in pbx'],
    help: 'A phone registered at our SIP server rings; nothing else is needed.',
    needs: [],
  },
] as const;

export type SipSetting = (typeof sipSettings)[number]['value'];

/** What a file's cell means: the code, the visible label or one of the words, ignoring case; undefined when unknown. */
export function readSipSetting(text: string): SipSetting | undefined {
  const word = text.trim().toLowerCase().replace(/\s+/g, ' ');
  return sipSettings.find(({ value, label, words }) => [value, label.toLowerCase(), ...words].includes(word))
    ?.value;
}
