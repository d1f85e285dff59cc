// What makes the pages quicker to use. Each page works without it; what needs it is hidden until then.

const text = (name) => document.body.dataset[name] ?? '';

document.addEventListener('htmx:after:swap', ({ detail }) => {
  prepare();
  const wholePage = detail.ctx.target === document.body;
  const lost = wholePage
    ? !document.activeElement?.closest('main')
    : document.activeElement === document.body;
  if (lost) {
    if (wholePage) window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }
  const news = document.querySelector('[data-announce]');
  if (news) announce(news.dataset.announce || news.textContent);
});

// A form that leads back to its own page adds no step to the history: Back leaves the page at once.
document.addEventListener('htmx:before:history:update', ({ detail }) => {
  const { pathname } = new URL(detail.history.path, location.href);
  if (pathname === location.pathname) detail.history.type = 'replace';
});

// Run again after each swap: what is already prepared stays as it is.
function prepare() {
  for (const button of document.querySelectorAll(
    '[data-password][hidden], [data-copy][hidden], [data-print][hidden]',
  ))
    button.hidden = false;
  for (const select of document.querySelectorAll('select[data-searchable]')) makeSearchable(select);
  for (const form of document.forms) showNeededParts(form);
  const wanted = [...document.querySelectorAll('[data-focus]')];
  for (const element of wanted) element.removeAttribute('data-focus');
  if (wanted.length > 0) focusOn(wanted[0]);
}

function focusOn(element) {
  for (let part = element; (part = part.parentElement?.closest('details'));) part.open = true;
  if (element.tomselect) element.tomselect.focus();
  else if (element.matches('tr'))
    element.querySelector('input:not([type=hidden]), button:not([hidden])')?.focus();
  else element.focus();
}

// A link of the problem summary leads to its field, also when that is a list of Tom Select or in a closed part.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#field-"]');
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  focusOn(field);
});

// Passwords and copies

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-password]');
  if (button) showPassword(button, button.getAttribute('aria-pressed') === 'false');
});

function showPassword(button, show) {
  button.setAttribute('aria-pressed', String(show));
  document.getElementById(button.dataset.password).type = show ? 'text' : 'password';
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) void copyFrom(button);
  if (event.target.closest('[data-print]')) print();
});

async function copyFrom(button) {
  await copy(button.dataset.copy);
  button.classList.add('copied');
  announce(button.dataset.copied);
  setTimeout(() => button.classList.remove('copied'), 2000);
}

async function copy(value) {
  // Browsers offer the clipboard only on https and on this machine.
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  const area = document.createElement('textarea');
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function announce(message) {
  const region = document.getElementById('announcements');
  region.textContent = '';
  setTimeout(() => (region.textContent = message), 50);
}

// Long lists

function makeSearchable(select) {
  if (select.tomselect) return;
  const lists = new TomSelect(select, {
    maxOptions: null,
    // The choice of no value says what the default is.
    allowEmptyOption: !select.multiple,
    // Enter takes what is found for the letters typed so far, not for those of a moment ago.
    refreshThrottle: 0,
    placeholder: ' ',
    plugins: select.multiple ? { remove_button: { title: text('textRemove') } } : {},
    render: { no_results: () => noResults() },
  });
  // Its label now belongs to the new control.
  select.setAttribute('aria-hidden', 'true');
  for (const name of ['aria-describedby', 'aria-invalid', 'aria-required']) {
    const value = select.getAttribute(name);
    if (value) lists.control_input.setAttribute(name, value);
  }
}

// A listbox holds options and nothing else.
function noResults() {
  const line = document.createElement('div');
  line.role = 'option';
  line.ariaDisabled = 'true';
  line.className = 'no-results';
  line.textContent = text('textNone');
  return line;
}

// Parts that only some choices need: data-shows="sip=classic_pbx sip=custom_uri" shows the part while one of these is
// chosen; "ppq=on" while ticked, "ppq=" while not.

document.addEventListener('change', (event) => {
  if (event.target.form) showNeededParts(event.target.form);
});

document.addEventListener('reset', (event) => setTimeout(() => showNeededParts(event.target)));

function showNeededParts(form) {
  for (const part of form.querySelectorAll('[data-shows]')) {
    part.hidden = !part.dataset.shows.split(/\s+/).some((condition) => {
      const [name, value] = condition.split(/=(.*)/s);
      return chosen(form, name).includes(value);
    });
  }
}

function chosen(form, name) {
  const values = new FormData(form).getAll(name);
  return values.length > 0 ? values : [''];
}

// A second click while the first one is still on its way does nothing. The clicked button stays enabled, because a
// disabled one would not send its name and value.

const longestWait = 10_000;

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!sends(form) || form.hasAttribute('target') || form.hasAttribute('data-download')) return;
    if (form.hasAttribute('aria-busy')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute('aria-busy', 'true');
    for (const button of form.querySelectorAll('[data-password]')) showPassword(button, false);
    setTimeout(() => release(form), longestWait);
  },
  { capture: true },
);

document.addEventListener('htmx:finally:request', (event) => release(event.target));
window.addEventListener('pageshow', () => [...document.forms].forEach(release));

// Not form.method: a field of that name would hide it.
function sends(form) {
  return form.getAttribute('method')?.toLowerCase() === 'post';
}

function release(element) {
  element.removeAttribute?.('aria-busy');
}

// Files: drop zone, and an upload that shows how far it is (fetch, and so htmx, cannot tell).

for (const [name, over] of Object.entries({ dragover: true, dragleave: false, drop: false })) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.('[data-drop]');
    if (!zone || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    zone.classList.toggle('dropping', over);
    if (name === 'drop') take(zone.querySelector('input[type=file]'), event.dataTransfer.files);
  });
}

function take(input, files) {
  if (files.length === 0) return;
  const [first] = files;
  const one = new DataTransfer();
  one.items.add(first);
  input.files = input.multiple ? files : one.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  const line = form.querySelector('[data-progress]');
  if (!form.matches('[data-upload]') || !line || event.defaultPrevented) return;
  event.preventDefault();
  upload(form, event.submitter, line);
});

function upload(form, submitter, line) {
  const [bar, words] = [line.querySelector('progress'), line.querySelector('span')];
  const request = new XMLHttpRequest();
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    words.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' }).format(
      loaded / total,
    );
  });
  // Everything is there, the server reads: nobody knows how long.
  request.upload.addEventListener('load', () => bar.removeAttribute('value'));
  request.addEventListener('load', () => {
    if (request.getResponseHeader('Content-Type')?.startsWith('text/html')) showPage(request);
    else fail();
  });
  request.addEventListener('error', fail);
  line.hidden = false;
  words.textContent = '';
  request.open('POST', form.getAttribute('action') ?? location.href);
  request.setRequestHeader('Accept', 'text/html');
  request.send(new FormData(form, submitter));

  function fail() {
    bar.value = 0;
    words.textContent = line.dataset.failed;
    announce(line.dataset.failed);
    release(form);
  }
}

// The answer is shown as it came: asking for it again would lose its messages. A refused form stays where it is.
function showPage(request) {
  const { pathname, search } = new URL(request.responseURL);
  const body = document.body;
  htmx.swap({
    text: request.responseText,
    sourceElement: body,
    target: body,
    swap: 'innerHTML',
    push: request.status < 400 ? pathname + search : 'false',
  });
}

prepare();

// Sample values beside a select of columns.

document.addEventListener('change', ({ target }) => {
  const line = target.id && document.querySelector(`[data-samples-of="${CSS.escape(target.id)}"]`);
  if (!line) return;
  const samples = document.createElement('bdi');
  samples.textContent = target.selectedOptions[0]?.dataset.samples ?? '';
  line.replaceChildren(...(samples.textContent ? [`${line.dataset.before} `, samples] : []));
});

// The progress of an import changes every second; a screen reader is told at every quarter.

let quarterTold = 0;

document.addEventListener('htmx:after:swap', () => {
  const bar = document.querySelector('#progress progress');
  const quarter = bar ? Math.floor(4 * bar.position) : 0;
  if (quarter > quarterTold) announce(document.querySelector('#progress p').textContent);
  quarterTold = quarter;
});

// The box that selects all users of the page ticks theirs; unticking one of them takes its tick away.

document.addEventListener('change', ({ target }) => {
  if (!target.form || target.type !== 'checkbox') return;
  const all = target.form.querySelector('[data-select-all]');
  if (!all) return;
  if (target === all) {
    for (const box of target.form.querySelectorAll('input[name=user]')) box.checked = all.checked;
  } else if (!target.checked) {
    all.checked = false;
  }
});
