// The administrator of the benchmark: comes in by the set-up page and imports files by the forms, as a script would.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Users as a file: nothing is wrong with it, every column is matched by its header, extensions are generated.
 * @param {number} count
 * @param {string} prefix makes the usernames differ from those of other files
 * @param {(index: number) => string} [extension] adds the column Virtual Extension
 * @returns {Buffer}
 */
export function fileOfUsers(count, prefix, extension) {
  const header = [
    ...['Username', 'Email', 'Role', 'SIP Settings', 'Desk', 'Skill Group', 'First Name', 'Last Name'],
    ...['Timezone', 'User Language', 'Auto Dial', ...(extension ? ['Virtual Extension'] : [])],
  ];
  const rows = Array.from({ length: count }, (_, index) => [
    ...[`${prefix}.${index}`, `${prefix}.${index}@example.com`, 'Agent', 'webrtc'],
    ...[index % 2 ? 'Berlin' : 'Lisbon', 'English', `Anna${index}`, 'Kovács', 'Europe/Berlin', 'en', 'yes'],
    ...(extension ? [extension(index)] : []),
  ]);
  return Buffer.from([header, ...rows].map((row) => `${row.join(',')}\r\n`).join(''));
}

/** Positions of the optional columns of `fileOfUsers`, as the options page sends them. */
const optionalColumns = {
  'desks.source': 'column:5',
  'skillGroups.source': 'column:6',
  'firstName.source': 'column:7',
  'lastName.source': 'column:8',
  'timezone.source': 'column:9',
  'language.source': 'column:10',
  'autoDial.source': 'column:11',
  'active.source': 'dialer',
  'active.value': 'yes',
};

/** For an import of a million rows. */
const patience = 1_200_000;

export class Administrator {
  /** @type {string} */
  cookie = '';

  /** @param {string} address origin of the server */
  constructor(address) {
    this.address = address;
  }

  /**
   * Makes the first administrator and signs them in.
   * @param {string} setupPath
   */
  async setUp(setupPath) {
    const password = 'violet-harbour-lantern-42';
    const fields = { username: 'chief', email: 'chief@example.com', password, repeatPassword: password };
    await this.post(setupPath, fields);
  }

  /**
   * Uploads a file.
   * @param {Buffer} bytes
   * @returns {Promise<string>} path of the import
   */
  async upload(bytes) {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)], { type: 'text/csv' }), 'users.csv');
    const location = await this.post('/imports', form);
    return location.replace(/\/fields$/, '');
  }

  /** Presses Import Users, as somebody who has seen the review: its rows are not planned once more. @param {string} path */
  async run(path) {
    await this.post(`${path}/run`, { confirmed: 'on' });
  }

  /** Wants passwords of digits only. @param {string} path */
  async wantDigits(path) {
    await this.post(`${path}/options`, { ...optionalColumns, digitsOnly: 'on' });
  }

  /**
   * Asks for the state until the import has ended. Throws when it ended otherwise than finished, or without `count` users.
   * @param {string} path
   * @param {number} count
   * @param {number} [every] ms between two looks: each costs the server a few ms
   */
  async finished(path, count, every = 25) {
    for (const end = performance.now() + patience; performance.now() < end; await pause(every)) {
      const { state, counts } = JSON.parse(await this.get(path, 'application/json'));
      if (['queued', 'running'].includes(state)) continue;
      if (state === 'finished' && counts.created === count) return;
      throw new Error(`the import came to ${state}: ${JSON.stringify(counts)}`);
    }
    throw new Error('the import did not end in time');
  }

  /**
   * A page or file; throws for anything but a 200.
   * @param {string} path
   * @param {string} [accept]
   */
  async get(path, accept = 'text/html') {
    const response = await fetch(this.address + path, {
      redirect: 'manual',
      headers: { Accept: accept, Cookie: this.cookie },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status}\n${text}`);
    return text;
  }

  /**
   * Sends a form and returns where it leads; throws when it was refused.
   * @param {string} path
   * @param {FormData | Record<string, string>} fields
   */
  async post(path, fields) {
    const response = await this.send(path, fields);
    if (response.status !== 303)
      throw new Error(`POST ${path}: ${response.status}\n${await response.text()}`);
    await response.arrayBuffer();
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return response.headers.get('location') ?? '';
  }

  /** Downloads a file that is given to a POST only. @param {string} path */
  async download(path) {
    const response = await this.send(path, {});
    const text = await response.text();
    if (response.status !== 200) throw new Error(`POST ${path}: ${response.status}\n${text}`);
    return text;
  }

  /** @param {string} path @param {FormData | Record<string, string>} fields */
  async send(path, fields) {
    return fetch(this.address + path, {
      method: 'POST',
      body: fields instanceof FormData ? fields : new URLSearchParams(fields),
      redirect: 'manual',
      headers: { Cookie: this.cookie, 'Sec-Fetch-Site': 'same-origin' },
    });
  }
}
