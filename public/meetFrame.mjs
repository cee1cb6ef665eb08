// <meet-frame>: a meeting as an element. It builds the iframe with what the
// browser must be told, and passes the bridge's events on as DOM events.
import MeetIframeBridge from './meetBridgeApi.mjs';

/** What browsers keep from frames unless the embedding page allows it. */
export const ALLOW = 'camera; microphone; display-capture; fullscreen; autoplay; screen-wake-lock; '
  + 'clipboard-write; speaker-selection';

/** Attributes of the address, by those of the element. */
const QUERY = new Map([
  ['room-id', 'roomId'],
  ['token', 'token'],
  ['access-token', 'accessToken'],
  ['peer-id', 'peerId'],
  ['display-name', 'displayName'],
  ['lang', 'lang'],
]);
/** What changes while the meeting goes on, and by which method. */
const LIVE = new Map([
  ['display-name', 'changeDisplayName'],
  ['lang', 'setLocale'],
  ['token', 'setToken'],
]);

// servers that render pages have no elements
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class MeetFrame extends Base {
  static observedAttributes = [...QUERY.keys(), 'host', 'kind', 'params', 'title'];

  /** @type {HTMLIFrameElement | undefined} */ #frame;
  /** @type {MeetIframeBridge | undefined} */ #bridge;
  #changed = false;

  /** The bridge to the meeting, once the element is in a page. */
  get bridge() {
    return this.#bridge;
  }

  /** The frame that the meeting runs in. */
  get iframe() {
    return this.#frame;
  }

  connectedCallback() {
    if (this.#frame) this.#show(this.#frame);
    else this.#frame = this.#build();
    // it follows the frame wherever its address leads
    this.#bridge ??= this.#listen(this.#frame);
  }

  disconnectedCallback() {
    // an element that only moves comes back at once
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#bridge?.destroy();
      this.#bridge = undefined;
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (!this.#frame || before === now) return;
    const method = LIVE.get(name);
    if (name === 'title') this.#frame.title = this.#title;
    // out of the page nothing runs that could change
    else if (method && now !== null && this.#bridge) this.#change(this.#bridge, method, now);
    else this.#renew();
  }

  /** What the meeting does not take is an event `error`, for nobody waits.
   * @param {MeetIframeBridge} bridge
   * @param {string} method
   * @param {string} value */
  #change(bridge, method, value) {
    bridge.call(/** @type {any} */ (method), /** @type {any} */ (value)).catch((error) => {
      this.dispatchEvent(new CustomEvent('error', { detail: error }));
    });
  }

  /** An iframe that comes into a page loads its address, which has to be that
   * of now.
   * @param {HTMLIFrameElement} frame */
  #show(frame) {
    const address = this.#address();
    if (frame.src !== address) frame.src = address;
  }

  /** Shows the address anew, once for all attributes of a moment. */
  #renew() {
    if (this.#changed) return;
    this.#changed = true;
    queueMicrotask(() => {
      this.#changed = false;
      if (this.#frame) this.#show(this.#frame);
    });
  }

  /** @param {HTMLIFrameElement} element */
  #listen(element) {
    const bridge = new MeetIframeBridge({ element, debug: this.hasAttribute('debug') });
    bridge.on('*', (data, meta) => {
      this.dispatchEvent(new CustomEvent(meta.event, { detail: data }));
      this.dispatchEvent(new CustomEvent('meetframe', { detail: { ...meta, data } }));
    });
    return bridge;
  }

  #build() {
    const frame = document.createElement('iframe');
    frame.allow = ALLOW;
    frame.title = this.#title;
    Object.assign(frame.style, { display: 'block', width: '100%', height: '100%', border: '0' });
    frame.src = this.#address();
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(':host { display: block; block-size: 40rem } :host([hidden]) { display: none }');
    root.adoptedStyleSheets = [style];
    root.append(frame);
    return frame;
  }

  get #title() {
    return this.getAttribute('title') || 'Meeting';
  }

  /** The address of the room, as docs/URL_ATTRIBUTES.md describes it. */
  #address() {
    const kind = this.getAttribute('kind') === 'webinar' ? 'webinar' : 'call';
    const host = this.getAttribute('host') ?? new URL(import.meta.url).origin;
    const address = new URL(`/${kind}/`, new URL(host, document.baseURI));
    for (const [attribute, name] of QUERY) {
      const value = this.getAttribute(attribute);
      if (value !== null) address.searchParams.set(name, value);
    }
    for (const [name, value] of new URLSearchParams(this.getAttribute('params') ?? '')) {
      address.searchParams.set(name, value);
    }
    return address.href;
  }
}

if (globalThis.customElements && !customElements.get('meet-frame')) {
  customElements.define('meet-frame', MeetFrame);
}
