// The demonstration: a room in a frame, a control for every method, every
// event as it comes, the code to copy.
import MeetIframeBridge from '../meetBridgeApi.mjs';
import { GROUPS } from './catalogue.mjs';
import { code } from './code.mjs';

/** Lines of the log that are kept. */
const LOG_MAX = 300;
/** Events after which there are other people or devices to choose from. */
const STIRRING = [
  'ready', 'join', 'newPeer', 'peerClosed', 'waiting', 'waitingGone', 'switchOnCamera', 'switchOnMic', 'left',
];

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const frame = /** @type {HTMLIFrameElement} */ (byId('meetframe'));
const form = /** @type {HTMLFormElement} */ (byId('room'));
/** @type {import('../meetBridgeApi.js')} */
let bridge;
/** @type {import('./code.mjs').Deed} */
let deed = { method: 'join', data: { constraints: { video: true, audio: true } } };
let style = 'promise';
/** @type {Map<string, string>} who waits, by id */
const waiting = new Map();

/** @param {string} tag @param {Record<string, any>} [properties] @param {...(Node | string)} children */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// -- the room --

/** The room of the address, or one of its own. */
function settings() {
  const asked = new URLSearchParams(location.search);
  if (!asked.get('roomId')) asked.set('roomId', `demo-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`);
  if (!asked.has('displayName')) asked.set('displayName', 'Ann');
  if (!location.search) asked.set('nameScreenDisabled', 'true');
  return asked;
}

/** Shows a room, with a bridge to it.
 * @param {URLSearchParams} asked */
function load(asked) {
  for (const [name, value] of [...asked]) if (!value) asked.delete(name);
  history.replaceState(null, '', `?${asked}`);
  bridge?.destroy();
  waiting.clear();
  frame.src = new URL(`/call/?${asked}`, location.href).href;
  bridge = new MeetIframeBridge({ element: frame, roomId: asked.get('roomId') ?? undefined });
  bridge.on('*', (data, meta) => heard(data, meta));
  show('Connecting…');
  bridge.state().then(refresh, (error) => show(error.message));
  showCode();
}

/** @param {string} text */
function show(text) {
  byId('state').textContent = text;
}

function fillForm(/** @type {URLSearchParams} */ asked) {
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    if (!field.name) continue;
    if (field.type === 'checkbox') field.checked = asked.get(field.name) === 'true';
    else field.value = asked.get(field.name) ?? '';
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = /** @type {[string, string][]} */ ([...new FormData(form)]);
  load(new URLSearchParams(fields.filter(([, value]) => value)));
});

// -- events --

/** @param {any} data @param {{event: string, n: number}} meta */
function heard(data, { event, n }) {
  if (event === 'waiting') waiting.set(data.peerId, data.displayName);
  if (event === 'waitingGone') waiting.delete(data.peerId);
  if (event === 'connectionFailed') show('No connection');
  if (STIRRING.includes(event)) bridge.state().then(refresh, () => {});
  const log = byId('log');
  const more = Object.keys(data ?? {}).length > 0;
  const button = make('button', { type: 'button', title: 'Show the code' }, make('b', {}, event), make('i', {}, `#${n}`));
  button.addEventListener('click', () => done({ event }));
  log.prepend(make('li', {}, button, ...(more ? [make('code', {}, JSON.stringify(data))] : [])));
  while (log.children.length > LOG_MAX) log.lastChild?.remove();
  counted();
}

function counted() {
  const count = byId('log').children.length;
  byId('count').textContent = String(count);
  byId('silence').hidden = count > 0;
}

byId('clear').addEventListener('click', () => {
  byId('log').replaceChildren();
  counted();
});

/** Offers who and what is there now.
 * @param {import('../meetBridgeApi.js').State} state */
async function refresh(state) {
  const people = await bridge.participants().catch(() => []);
  show(`${state.phase}${people.length ? `, ${people.length} on stage` : ''}`);
  document.body.dataset.phase = state.phase;
  offer('peer', people.map((one) => ({ value: one.peerId, text: one.me ? `${one.displayName} (you)` : one.displayName })));
  offer('waiting', [{ value: '', text: 'Everybody' }, ...[...waiting].map(([value, text]) => ({ value, text }))]);
  const devices = [
    ...state.cameras.map((one) => ({ ...one, kind: 'video' })),
    ...state.microphones.map((one) => ({ ...one, kind: 'audio' })),
  ];
  offer('device', devices.map((one) => ({ value: JSON.stringify(one), text: one.label || one.kind })));
}

/** @param {string} kind @param {{value: string, text: string}[]} options */
function offer(kind, options) {
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll(`select[data-kind="${kind}"]`))) {
    const { value } = select;
    const none = make('option', { value: '', textContent: 'Nobody there yet', disabled: true });
    if (kind === 'device') none.textContent = 'None known yet';
    select.replaceChildren(...(options.length ? options.map(({ value, text }) => make('option', { value }, text)) : [none]));
    if (options.some((option) => option.value === value)) select.value = value;
    else select.selectedIndex = 0;
  }
}

// -- methods --

/** @param {import('./catalogue.mjs').Field} field */
function control({ kind, label, value, choices = [] }) {
  if (kind === 'check') return make('input', { type: 'checkbox', checked: value, ariaLabel: label });
  if (kind === 'text' || kind === 'number') return make('input', { type: kind, value, ariaLabel: label });
  const select = make('select', { ariaLabel: label }, ...choices.map((one) => make('option', { value: one }, one)));
  select.dataset.kind = kind;
  if (value) Object.assign(select, { value });
  return select;
}

/** @param {any} input @param {string} kind */
function valueOf(input, kind) {
  if (kind === 'check') return input.checked;
  if (kind === 'number') return Number(input.value);
  if (kind === 'device') return input.value ? JSON.parse(input.value) : {};
  return kind === 'waiting' && !input.value ? undefined : input.value;
}

/** @param {import('./catalogue.mjs').Method} method */
function card({ name, about, fields = [], read = (value) => value }) {
  const inputs = fields.map((field) => ({ field, input: control(field) }));
  const outcome = make('output', {});
  const button = make('button', { type: 'submit', className: 'call' }, name);
  const labels = inputs.map(({ field, input }) => make('label', {}, input, ...(field.kind === 'check' ? [field.label] : [])));
  const form = make('form', { className: fields.length ? 'method' : 'method plain' }, make('p', { className: 'about' }, about), make('div', { className: 'row' }, button, ...labels), outcome);
  form.dataset.name = name;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const data = read(...inputs.map(({ field, input }) => valueOf(input, field.kind)));
    done({ method: name, data });
    outcome.dataset.state = 'waiting';
    outcome.replaceChildren('…');
    try {
      const value = await bridge.call(/** @type {any} */ (name), /** @type {any} */ (data));
      outcome.dataset.state = 'good';
      outcome.replaceChildren(shown(value));
    } catch (error) {
      outcome.dataset.state = 'bad';
      const { code, message } = /** @type {import('../meetBridgeApi.js').MeetframeError} */ (error);
      outcome.replaceChildren(make('b', {}, code), ` ${message}`);
    }
  });
  return form;
}

/** @param {unknown} value */
function shown(value) {
  if (typeof value === 'string' && value.startsWith('data:image/')) return make('img', { src: value, alt: 'Screenshot' });
  return typeof value === 'object' ? make('pre', {}, JSON.stringify(value, null, 2)) : String(value);
}

function buildMethods() {
  const roomy = matchMedia('(min-width: 56rem)').matches;
  for (const [index, [title, methods]] of GROUPS.entries()) {
    const group = make('details', { open: roomy || index === 0 }, make('summary', {}, title), ...methods.map(card));
    byId('methods').append(group);
  }
  for (const kind of ['peer', 'waiting', 'device']) offer(kind, []);
}

byId('search').addEventListener('input', ({ target }) => {
  const wanted = /** @type {HTMLInputElement} */ (target).value.trim().toLowerCase();
  let found = 0;
  for (const group of document.querySelectorAll('details')) {
    const cards = [.../** @type {NodeListOf<HTMLElement>} */ (group.querySelectorAll('.method'))];
    for (const one of cards) one.hidden = !one.textContent?.toLowerCase().includes(wanted);
    const left = cards.filter((one) => !one.hidden).length;
    group.hidden = left === 0;
    if (wanted) group.open = true;
    found += left;
  }
  byId('nothing').hidden = found > 0;
});

// -- code --

/** @param {import('./code.mjs').Deed} now */
function done(now) {
  deed = now;
  showCode();
}

function showCode() {
  const about = { src: frame.src, roomId: new URL(frame.src).searchParams.get('roomId') ?? '', allow: frame.allow };
  const text = code(style, deed, about);
  /** @type {HTMLElement} */ (document.querySelector('#code code')).textContent = text;
}

const tabs = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('[role="tab"]')]);

/** @param {HTMLButtonElement} tab */
function choose(tab) {
  for (const one of tabs) {
    one.setAttribute('aria-selected', String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
  }
  byId('code').setAttribute('aria-labelledby', tab.id);
  style = tab.dataset.style ?? style;
  showCode();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => choose(tab));
  tab.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const next = step && tabs.at((index + step) % tabs.length);
    if (!next) return;
    choose(next);
    next.focus();
  });
}

byId('copy').addEventListener('click', async () => {
  const told = byId('copied');
  told.textContent = '';
  try {
    await navigator.clipboard.writeText(byId('code').textContent ?? '');
    byId('copy').textContent = told.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(byId('code'));
    byId('copy').textContent = told.textContent = 'Selected: copy it';
  }
  setTimeout(() => (byId('copy').textContent = 'Copy'), 2_000);
});

const asked = settings();
fillForm(asked);
buildMethods();
load(asked);
