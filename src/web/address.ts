// What is one email address and nothing else (SECURITY.md IN-4): no display form, no list, no line break, no angle brackets.

/** True for a local part of RFC 5322 atoms, an @ and a domain of letters, digits, hyphens and dots; 254 characters at the most. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
  const labels = domain.split('.');
  return (
    text.length <= 254 &&
    at > 0 &&
    local.length <= 64 &&
    /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local) &&
    labels.length > 1 &&
    labels.every((part) => label.test(part)) &&
    !/^\d+$/.test(labels[labels.length - 1])
  );
}
