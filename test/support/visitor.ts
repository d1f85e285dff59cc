// A person with a browser that runs no JavaScript: opens pages, follows links, fills in forms, keeps cookies.
import { type Form, type Submission, formOf } from './form.js';
import { Page, named } from './page.js';

/** A raw answer: no redirect is followed. */
export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** The bytes as UTF-8. */
  text: string;
}

export interface RawOptions {
  headers?: Record<string, string>;
}

interface Outgoing extends RawOptions {
  method: string;
  address: URL;
  body?: BodyInit;
  contentType?: string;
}

export class Visitor {
  private readonly cookies = new Map<string, string>();
  private current?: Page;

  /** `address` is an origin: `rollcall.address`. `always` are headers of every request, such as a proxy's. */
  constructor(
    readonly address: string,
    private readonly always: Record<string, string> = {},
  ) {}

  /** The page that is open. */
  get page(): Page {
    if (!this.current) throw new Error('The visitor has not opened a page yet');
    return this.current;
  }

  /** Opens a path, or a whole address of the same origin, and follows redirects. */
  async open(path: string): Promise<Page> {
    return this.visit({ method: 'GET', address: new URL(path, this.address) });
  }

  /** Follows the link of this exact name. */
  async follow(name: string): Promise<Page> {
    return this.visit({ method: 'GET', address: this.linked(name) });
  }

  /** The form that holds the button of this exact name. */
  form(buttonName: string): Form {
    return formOf(this.page, buttonName, (submission) => this.visit(submission));
  }

  /** Presses a button of a form that needs no filling in. */
  async press(buttonName: string): Promise<Page> {
    return this.form(buttonName).press(buttonName);
  }

  /** Fetches what a link or button of this exact name leads to and stays on the page, as a browser does with a download. */
  async download(name: string): Promise<Answer> {
    const isLink = this.page.hasLink(name);
    if (isLink && this.page.hasButton(name)) throw new Error(`"${name}" is both a link and a button`);
    return isLink
      ? this.send({ method: 'GET', address: this.linked(name) })
      : this.send(this.form(name).submission(name));
  }

  /** GET without following redirects; the open page stays. */
  async get(path: string, options: RawOptions = {}): Promise<Answer> {
    return this.send({ method: 'GET', address: new URL(path, this.address), ...options });
  }

  /** POST without following redirects; the open page stays. Fields go urlencoded, FormData as multipart. */
  async post(
    path: string,
    body: Record<string, string> | URLSearchParams | FormData | string = {},
    options: RawOptions = {},
  ): Promise<Answer> {
    const plain = typeof body === 'string' || body instanceof URLSearchParams || body instanceof FormData;
    return this.send({
      method: 'POST',
      address: new URL(path, this.address),
      body: plain ? body : new URLSearchParams(body),
      ...options,
    });
  }

  /** The value of a cookie that the server set, undefined when there is none. */
  cookie(name: string): string | undefined {
    return this.cookies.get(name);
  }

  /** Another browser that holds the same cookies, e.g. one whose session is ended in between, or that asks another server. */
  copy(address = this.address, always = this.always): Visitor {
    const other = new Visitor(address, always);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  private linked(name: string): URL {
    return new URL(named(this.page.links, name, 'link', this.page).getAttribute('href')!, this.page.address);
  }

  private async visit(first: Outgoing | Submission): Promise<Page> {
    let outgoing: Outgoing = first;
    for (let redirects = 0; redirects <= 10; redirects++) {
      const answer = await this.send(outgoing);
      const target = answer.headers.get('location');
      if (target === null || answer.status < 300 || answer.status > 399) {
        this.current = new Page(outgoing.address, answer.status, answer.headers, answer.text);
        return this.current;
      }
      const address = new URL(target, outgoing.address);
      if (address.origin !== new URL(this.address).origin)
        throw new Error(`Redirected to another site: ${address.href}`);
      const keepsMethod = answer.status === 307 || answer.status === 308;
      outgoing = keepsMethod ? { ...outgoing, address } : { method: 'GET', address };
    }
    throw new Error(`More than 10 redirects from ${first.address.href}`);
  }

  private async send({ method, address, body, contentType, headers }: Outgoing): Promise<Answer> {
    const response = await fetch(address, {
      method,
      body,
      redirect: 'manual',
      headers: {
        Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'Accept-Language': 'en',
        'Sec-Fetch-Site': this.current || method !== 'GET' ? 'same-origin' : 'none',
        ...(method !== 'GET' && { Origin: new URL(this.address).origin }),
        ...(this.current && { Referer: this.current.address.href }),
        ...(this.cookies.size > 0 && { Cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') }),
        ...(contentType && { 'Content-Type': contentType }),
        ...this.always,
        ...headers,
      },
    });
    this.keepCookies(response.headers);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes, text: bytes.toString('utf8') };
  }

  private keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      if (isOver(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** The text of an answer without what differs in every one: the number of its request. */
export function withoutNumber({ text }: Answer): string {
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '');
}

function isOver(cookie: string): boolean {
  const maxAge = /;\s*max-age=(-?\d+)/i.exec(cookie)?.[1];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = /;\s*expires=([^;]+)/i.exec(cookie)?.[1];
  return expires !== undefined && Date.parse(expires) <= Date.now();
}
