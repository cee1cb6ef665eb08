// Meetframe bridge: a page drives the meeting that it embeds in an iframe.
//
// Owns the page's side of the wire: the handshake, the queue of calls, events.
// What methods do is up to the frame. Words for people: docs/BRIDGE.md; types:
// meetBridgeApi.d.ts. Runs as a classic script (`MeetIframeBridge`), as
// CommonJS, and behind meetBridgeApi.mjs as an ES module. No dependency.
(() => {
  'use strict';

  const VERSION = '1.0.0';
  /** The version of the messages between page and frame. */
  const WIRE = 1;

  const METHODS = [
    'join', 'enableMic', 'disableMic', 'enableWebcam', 'disableWebcam', 'enableShare',
    'disableShare', 'changeDisplayName', 'setVolume', 'getScreenshotByPeerId',
    'setControlsVisible', 'isCameraEnabled', 'isMicroEnabled', 'isShareEnabled',
    'changeDevice', 'playAudio', 'muteAudio', 'unmuteAudio', 'setBitrate',
    'isFullscreenEnabled', 'enableFullscreen', 'disableFullscreen', 'enablePin',
    'disablePin', 'setLocale', 'disabledTrackByModerator', 'disableAllMics',
    'disableAllCameras', 'setHideIndicators',
    'leave', 'participants', 'sendMessage', 'raiseHand', 'lowerHand', 'admit', 'reject',
    'remove', 'setWaitingRoom', 'setRecording', 'recording', 'setToken', 'diagnose', 'state',
  ];
  const EVENTS = [
    'join', 'ready', 'readyToJoin', 'switchOnCamera', 'switchOffCamera', 'errorGetCamera',
    'switchOnMic', 'switchOffMic', 'errorGetMic', 'switchOnShare', 'switchOffShare',
    'errorGetShare', 'newPeer', 'peerClosed', 'connectionFailed', 'disconnected',
    'connectionClosed', 'connectionError', 'playingAudioPrevent', 'switchOnPin',
    'switchOffPin', 'errorGetPin',
    'message', 'handRaised', 'handLowered', 'waiting', 'waitingGone', 'roleChanged',
    'connectionQuality', 'recordingStarting', 'recordingStarted', 'recordingStopped',
    'recordingReady', 'recordingFailed', 'tokenExpiring', 'left',
  ];
  /** Spellings that pages in the field use. */
  const ALIASES = new Map([['nerrorGetCamera', 'errorGetCamera']]);
  /** States: who starts to listen later is told of them, too. */
  const LASTING = ['ready', 'readyToJoin', 'join', 'left'];
  /** Events after which a state no longer holds. */
  const ENDINGS = new Map([['left', ['readyToJoin', 'join']], ['join', ['left']]]);

  /** Milliseconds that a call may take, unless the browser may ask the person. */
  const CALL_LIMIT = 30_000;
  const ASKING = ['join', 'enableMic', 'enableWebcam', 'enableShare', 'changeDevice'];
  /** Milliseconds without a sign of life until the frame counts as unreachable. */
  const CONNECT_LIMIT = 30_000;
  /** Calls that wait for the frame; one more is refused. */
  const QUEUE_LIMIT = 1_000;
  /** Pauses between offers that nobody answers, in milliseconds. */
  const PAUSES = [250, 500, 1_000, 2_000];
  /** What a click on this page may pass on to the frame, by method. */
  const DELEGATED = new Map([['enableShare', 'display-capture'], ['enableFullscreen', 'fullscreen']]);
  /** How often a call is repeated whose click was still under way. */
  const CLICK_TRIES = 5;
  /** Milliseconds that a click is given to arrive. */
  const CLICK_PAUSE = 30;

  /** What a call fails with. `code` is stable, `message` is for people. */
  class MeetframeError extends Error {
    /**
     * @param {string} code
     * @param {string} message
     * @param {string} [method]
     */
    constructor(code, message, method) {
      super(message);
      this.name = 'MeetframeError';
      this.code = code;
      this.method = method;
    }
  }

  /**
   * @typedef {object} Call
   * @property {number} id
   * @property {string} name
   * @property {unknown} data
   * @property {number} limit  milliseconds; 0: none
   * @property {number} tries  repetitions that are left while a click is under way
   * @property {number} due  not sent before, by `performance.now()`
   * @property {(value: any) => void} resolve
   * @property {(error: MeetframeError) => void} reject
   * @property {ReturnType<typeof setTimeout>} [timer]
   */
  /** @typedef {{event: string, n: number, again: boolean, missed: boolean}} Meta */
  /** @typedef {(data: any, meta: Meta) => void} Listener */
  /** @typedef {{session: string | undefined, n: number}} Position */

  class MeetIframeBridge {
    /** @type {HTMLIFrameElement | undefined} */ #frame;
    /** @type {any} */ #options;
    /** @type {MeetframeError | undefined} */ #over;
    /** @type {MeetframeError | undefined} until the frame gives a sign of life */ #unreachable;
    /** @type {Map<string, Set<Listener & {of?: Listener}>>} */ #listeners = new Map();
    /** @type {Map<string, {data: unknown, n: number}>} */ #lasting = new Map();
    /** @type {Call[]} */ #queue = [];
    /** @type {Map<number, Call>} */ #sent = new Map();
    /** @type {MessagePort | undefined} */ #port;
    /** @type {MessagePort | undefined} */ #offered;
    /** @type {any} */ #welcome;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #retry;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #giveUp;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #pause;
    /** @type {Set<string>} */ #told = new Set();
    #offers = 0;
    #ids = 0;
    /** Whether the frame announced itself since it was last loaded. */
    #heard = false;
    /** @type {number | undefined} */ #last;
    /** @type {string | undefined} the load of the frame that `#last` counts in */ #session;
    /** Events before the next one are lost. */
    #missed = false;

    /** @param {any} options see `MeetIframeBridge.Options` */
    constructor(options) {
      // Vue would wrap the bridge, and private fields know no wrapped one
      Object.defineProperty(this, '__v_skip', { value: true });
      this.#options = options ?? {};
      this.#seek(this.#options.resumeFrom);
      const frame = frameOf(this.#options.element);
      if (!frame) {
        this.#misused('MeetIframeBridge needs { element: <iframe> }: no iframe was given. '
          + 'Create the bridge once the iframe is in the page.');
        return;
      }
      this.#frame = frame;
      addEventListener('message', this.#onMessage);
      frame.addEventListener('load', this.#onLoad);
      this.#watch();
      this.#offer();
    }

    /** The version of this library. */
    get version() {
      return VERSION;
    }

    /** The number of the last event. */
    get lastEvent() {
      return this.#last ?? 0;
    }

    /** Where the last event stands, for `resumeFrom`: numbers begin anew with
     * each load of the frame, and this says of which load it is.
     * @returns {Position} */
    get position() {
      return { session: this.#session, n: this.lastEvent };
    }

    /** Whether the frame answers. */
    get connected() {
      return Boolean(this.#port) && !this.#offered;
    }

    /** Whether the frame knows a method or an event; before it has answered:
     * whether this library does. Without a name: whether the browser is able.
     * @param {string} [name] */
    supported(name) {
      if (name === undefined) return MeetIframeBridge.supported();
      const { methods = METHODS, events = EVENTS } = this.#welcome ?? {};
      return methods.includes(name) || events.includes(nameOf(name));
    }

    /** Whether this browser can hold a meeting in a frame. */
    static supported() {
      const needed = ['MessageChannel', 'RTCPeerConnection', 'WebSocket', 'WebAssembly'];
      return needed.every((name) => name in globalThis);
    }

    /** Calls by name, as documented for the reference product. The callback
     * gets the value or a MeetframeError; so does the promise.
     * @param {{name: string, data?: unknown, callback?: (outcome: any) => void, timeout?: number}} call */
    method({ name, data, callback, timeout }) {
      const outcome = this.call(name, data, { timeout });
      const told = callback ?? (() => {});
      outcome.then(told, told);
      return outcome;
    }

    /** Calls by name.
     * @param {string} name
     * @param {unknown} [data]
     * @param {{timeout?: number | undefined}} [options] milliseconds; 0: as long as it takes
     * @returns {Promise<any>} */
    call(name, data, { timeout } = {}) {
      return new Promise((resolve, reject) => {
        const usual = ASKING.includes(name) ? 0 : (this.#options.timeout ?? CALL_LIMIT);
        /** @type {Call} */
        const call = { id: ++this.#ids, name, data, limit: timeout ?? usual, tries: 0, due: 0, resolve, reject };
        const hopeless = this.#over ?? this.#unreachable;
        if (hopeless) return reject(new MeetframeError(hopeless.code, hopeless.message, name));
        if (this.#queue.length >= QUEUE_LIMIT) {
          return reject(new MeetframeError('not_ready', 'too many calls wait for the frame', name));
        }
        if (this.#delegate(name)) {
          // the click goes another way than calls do, and counts for a second
          call.tries = CLICK_TRIES;
          call.due = performance.now() + CLICK_PAUSE;
        }
        // who gives a limit wants an answer by then, also of a frame that is not there
        if (timeout) this.#limit(call);
        this.#queue.push(call);
        this.#flush();
      });
    }

    /** Listens to an event, `*` to all; returns what ends it. Who listens to
     * `ready`, `readyToJoin`, `join` or `left` too late is told at once.
     * @param {string} event
     * @param {Listener} listener */
    on(event, listener) {
      const name = nameOf(event);
      const all = this.#listeners.get(name) ?? new Set();
      this.#listeners.set(name, all.add(listener));
      if (this.#lasting.has(name)) {
        queueMicrotask(() => {
          if (all.has(listener) && this.#lasting.has(name)) {
            const { data, n } = /** @type {any} */ (this.#lasting.get(name));
            run(listener, data, { event: name, n, again: true, missed: false });
          }
        });
      }
      return () => this.off(event, listener);
    }

    /** Listens to the next one only.
     * @param {string} event
     * @param {Listener} listener */
    once(event, listener) {
      /** @type {Listener & {of?: Listener}} */
      const first = (data, meta) => {
        end();
        listener(data, meta);
      };
      first.of = listener;
      const end = this.on(event, first);
      return end;
    }

    /** Ends listening; without a listener that of all to this event.
     * @param {string} event
     * @param {Listener} [listener] */
    off(event, listener) {
      const name = nameOf(event);
      const all = this.#listeners.get(name);
      for (const one of all ?? []) {
        if (!listener || one === listener || one.of === listener) all?.delete(one);
      }
      return this;
    }

    /** Asks the frame for all events after this one once more.
     * @param {number | Position} position a number counts in the frame as it
     * is loaded now */
    resumeFrom(position) {
      this.#seek(position);
      if (this.#over) return this;
      this.#watch();
      this.#offer();
      return this;
    }

    /** Lets go of the frame; the meeting goes on. Twice is once. */
    destroy() {
      this.#end(new MeetframeError('destroyed', 'the bridge was destroyed'));
      this.#listeners.clear();
    }

    // -- the handshake --

    /** @param {number | Position | undefined} position */
    #seek(position) {
      const bare = typeof position === 'number' ? { session: this.#welcome?.session, n: position } : position;
      this.#session = bare?.session;
      this.#last = bare?.n;
    }

    /** @param {MessageEvent} event */
    #onMessage = (event) => {
      const frame = /** @type {HTMLIFrameElement} */ (this.#frame);
      if (!event.source || event.source !== frame.contentWindow) return;
      if (event.data?.meetframe !== 'here') return;
      this.#heard = true;
      const expected = this.#origin();
      if (event.origin !== (expected === '*' ? 'null' : expected)) {
        return this.#fail(`the frame shows ${event.origin}, but ${expected} was expected. Put the `
          + 'final address into the iframe’s src (no redirect), or give the bridge { origin }.');
      }
      this.#watch();
      this.#offer();
    };

    #onLoad = () => {
      const done = this.#heard && (this.connected || this.#unreachable);
      this.#heard = false;
      if (done) return;
      this.#watch();
      this.#offer();
    };

    /** The origin that hello goes to. A sandboxed frame without
     * allow-same-origin has none that could be named. */
    #origin() {
      const { sandbox, src } = /** @type {HTMLIFrameElement} */ (this.#frame);
      if (sandbox.length > 0 && !sandbox.contains('allow-same-origin')) return '*';
      return this.#options.origin ? new URL(this.#options.origin).origin : new URL(src, document.baseURI).origin;
    }

    /** Offers the frame a private channel, again and again until it answers.
     * Only the newest offer counts; calls wait meanwhile. */
    #offer() {
      const frame = /** @type {HTMLIFrameElement} */ (this.#frame);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#offer(), PAUSES[Math.min(this.#offers++, PAUSES.length - 1)]);
      if (!frame.contentWindow || isEmpty(frame)) return;
      const { port1, port2 } = new MessageChannel();
      this.#offered?.close();
      this.#offered = port1;
      port1.onmessage = ({ data }) => this.#receive(port1, data);
      const hello = {
        meetframe: 'hello', version: WIRE, roomId: this.#options.roomId,
        session: this.#session, resumeFrom: this.#last,
      };
      this.#log('→', hello);
      frame.contentWindow.postMessage(hello, this.#origin(), [port2]);
    }

    /** Gives up when the frame shows no sign of life. */
    #watch() {
      clearTimeout(this.#giveUp);
      this.#unreachable = undefined;
      this.#offers = 0;
      this.#giveUp = setTimeout(() => this.#fail(
        `the frame ${this.#frame?.src || '(no src)'} does not answer ${location.origin}. Is it a `
          + 'room of a Meetframe server that can be reached, and does the server’s embed_origins '
          + `list ${location.origin}?`,
      ), this.#options.connectTimeout ?? CONNECT_LIMIT);
    }

    /** @param {string} message */
    #fail(message) {
      clearTimeout(this.#retry);
      clearTimeout(this.#giveUp);
      this.#offered?.close();
      this.#offered = this.#port = undefined;
      this.#unreachable = new MeetframeError('connection_failed', message);
      this.#drop(this.#unreachable);
      if (this.#told.has(message)) return;
      this.#told.add(message);
      console.error(`[meetframe] ${message}`);
      // no event of the frame, and without a number
      this.#emit('connectionFailed', { code: 'connection_failed', message }, { n: 0, again: false, missed: false });
    }

    /** @param {string} message */
    #misused(message) {
      this.#over = new MeetframeError('connection_failed', message);
      // whoever made the bridge listens only after that
      setTimeout(() => this.#fail(message));
    }

    // -- the channel --

    /**
     * @param {MessagePort} port
     * @param {any} message
     */
    #receive(port, message) {
      this.#log('←', message);
      if (message.type === 'welcome' && port === this.#offered) this.#open(port, message);
      if (message.type === 'result') this.#settle(message);
      // while an offer is open, its port brings all after the last event: the
      // one before would move that end, and make what is asked for look known
      if (message.type === 'event' && port === this.#port && !this.#offered) this.#event(message);
      if (message.type === 'gone' && port === this.#port) this.#gone();
    }

    /**
     * @param {MessagePort} port
     * @param {any} welcome
     */
    #open(port, welcome) {
      clearTimeout(this.#retry);
      clearTimeout(this.#giveUp);
      this.#offered = this.#unreachable = undefined;
      this.#port = port;
      if (this.#welcome && this.#welcome.session !== welcome.session) this.#reloaded();
      this.#welcome = welcome;
      this.#resume(welcome);
      const { roomId } = this.#options;
      if (roomId && welcome.room && welcome.room.roomId !== roomId) {
        console.warn(`[meetframe] the frame shows room ${welcome.room.roomId}, the bridge was made for ${roomId}`);
      }
      this.#flush();
    }

    /** The page in the frame is another one, with other events. What the one
     * before was asked it never answers; else answers come by the old channel. */
    #reloaded() {
      this.#lose(new MeetframeError('connection_failed', 'the frame was loaded anew'));
      this.#lasting.clear();
    }

    /** Counts on from the last event, where the frame still can. In another
     * load of it all events are new, whatever their numbers are.
     * @param {{session: string, firstEvent?: number, lastEvent?: number}} welcome */
    #resume({ session, firstEvent = 1, lastEvent = 0 }) {
      const last = this.#last ?? lastEvent;
      const other = (this.#session ?? session) !== session || last > lastEvent;
      this.#last = other ? 0 : last;
      this.#session = session;
      this.#missed = other || last + 1 < firstEvent;
    }

    /** The frame shows another page of the server; should it come back to a
     * room, it says that it is here. */
    #gone() {
      this.#port = undefined;
      this.#lasting.clear();
      const error = new MeetframeError('not_ready', 'there is no meeting on the page in the frame');
      // the offer is for the page that comes next
      if (!this.#offered) this.#unreachable = error;
      this.#drop(error);
    }

    /** Sends what waits, in order. */
    #flush() {
      clearTimeout(this.#pause);
      while (this.connected) {
        const [next] = this.#queue;
        if (!next) return;
        const pause = next.due - performance.now();
        if (pause > 0) {
          this.#pause = setTimeout(() => this.#flush(), pause);
          return;
        }
        this.#queue.shift();
        this.#send(next);
      }
    }

    /** @param {Call} call */
    #send(call) {
      const { id, name, data, tries } = call;
      try {
        this.#log('→', { id, name, data });
        this.#port?.postMessage({ type: 'call', id, method: name, data, click: tries > 0 });
      } catch {
        return reject(call, new MeetframeError('bad_data', `the data of ${name} cannot be sent`));
      }
      this.#sent.set(id, call);
      this.#limit(call);
    }

    /** Ends a call that takes too long; a limit that runs already runs on.
     * @param {Call} call */
    #limit(call) {
      const { id, name, limit } = call;
      if (limit <= 0 || call.timer !== undefined) return;
      call.timer = setTimeout(() => {
        this.#sent.delete(id);
        this.#queue = this.#queue.filter((one) => one !== call);
        reject(call, new MeetframeError('timeout', `${name} took longer than ${limit} ms`));
        this.#flush();
      }, limit);
    }

    /** @param {{id: number, value?: unknown, error?: {code: string, message: string}}} result */
    #settle({ id, value, error }) {
      const call = this.#sent.get(id);
      if (!call) return;
      this.#sent.delete(id);
      // the click may still be under way
      if (error?.code === 'gesture_required' && call.tries-- > 0) {
        call.due = performance.now() + CLICK_PAUSE;
        this.#queue.unshift(call);
        this.#flush();
      } else if (error) {
        reject(call, new MeetframeError(error.code, error.message));
      } else {
        clearTimeout(call.timer);
        call.resolve(value);
      }
    }

    /** Passes a click on this page on to the frame, where browsers can.
     * @param {string} name */
    #delegate(name) {
      const delegate = DELEGATED.get(name);
      const frame = this.#frame?.contentWindow;
      if (!delegate || !frame || !this.connected || !navigator.userActivation?.isActive) return false;
      const targetOrigin = this.#origin();
      if (targetOrigin === '*') return false;
      try {
        const options = { targetOrigin, delegate };
        frame.postMessage({ meetframe: 'click', version: WIRE }, options);
        return true;
      } catch {
        return false; // the browser cannot: the frame will say gesture_required
      }
    }

    /** @param {{event: string, data?: unknown, n: number, again?: boolean}} event */
    #event({ event, data, n, again = false }) {
      if (again ? this.#lasting.has(event) : n <= (this.#last ?? 0)) return;
      const missed = !again && this.#missed;
      if (!again) {
        this.#last = n;
        this.#missed = false;
      }
      this.#emit(event, data ?? {}, { n, again, missed });
    }

    /**
     * @param {string} event
     * @param {unknown} data
     * @param {{n: number, again: boolean, missed: boolean}} where
     */
    #emit(event, data, where) {
      if (LASTING.includes(event)) this.#lasting.set(event, { data, n: where.n });
      for (const state of ENDINGS.get(event) ?? []) this.#lasting.delete(state);
      for (const name of [event, '*']) {
        for (const listener of [...(this.#listeners.get(name) ?? [])]) run(listener, data, { event, ...where });
      }
    }

    // -- the end --

    /** @param {MeetframeError} error */
    #end(error) {
      if (this.#over?.code === 'destroyed') return;
      this.#over = error;
      removeEventListener('message', this.#onMessage);
      this.#frame?.removeEventListener('load', this.#onLoad);
      clearTimeout(this.#retry);
      clearTimeout(this.#giveUp);
      clearTimeout(this.#pause);
      this.#drop(error);
      this.#offered?.close();
      this.#port?.close();
      this.#offered = this.#port = undefined;
    }

    /** Fails all calls.
     * @param {MeetframeError} error */
    #drop(error) {
      for (const call of this.#queue.splice(0)) reject(call, error);
      this.#lose(error);
    }

    /** Fails what was sent.
     * @param {MeetframeError} error */
    #lose(error) {
      for (const call of this.#sent.values()) reject(call, error);
      this.#sent.clear();
    }

    /** @param {...unknown} what */
    #log(...what) {
      if (this.#options.debug) console.debug('[meetframe]', ...what);
    }
  }

  /**
   * @param {Call} call
   * @param {MeetframeError} error
   */
  function reject(call, error) {
    clearTimeout(call.timer);
    call.reject(new MeetframeError(error.code, error.message, call.name));
  }

  /** A listener that throws harms no other; its error is reported as usual.
   * @param {Listener} listener
   * @param {unknown} data
   * @param {Meta} meta */
  function run(listener, data, meta) {
    try {
      listener(data, meta);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }

  /** @param {string} event */
  function nameOf(event) {
    return ALIASES.get(event) ?? event;
  }

  /** An iframe, its selector, or what jQuery wraps it in.
   * @param {any} element
   * @returns {HTMLIFrameElement | undefined} */
  function frameOf(element) {
    const found = typeof element === 'string' ? document.querySelector(element) : (element?.jquery ? element[0] : element);
    return found?.tagName === 'IFRAME' ? found : undefined;
  }

  /** Whether the frame shows the blank page that it begins with. Messages to
   * the origin that it will have would only make the browser complain.
   * @param {HTMLIFrameElement} frame */
  function isEmpty(frame) {
    return frame.contentDocument?.URL === 'about:blank';
  }

  for (const name of METHODS) {
    Object.defineProperty(MeetIframeBridge.prototype, name, {
      configurable: true,
      writable: true,
      /**
       * @this {MeetIframeBridge}
       * @param {unknown} data
       * @param {{timeout?: number}} [options]
       */
      value(data, options) {
        return this.call(name, data, options);
      },
    });
  }

  const api = Object.assign(MeetIframeBridge, {
    default: MeetIframeBridge,
    MeetframeError,
    methods: METHODS,
    events: EVENTS,
    version: VERSION,
  });
  if (typeof module === 'object' && module.exports) module.exports = api;
  else Object.assign(globalThis, { MeetIframeBridge: api });
})();
