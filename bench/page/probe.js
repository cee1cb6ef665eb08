// Runs in the page before anything else and notes when things happen, in
// milliseconds since the navigation began. It changes nothing of what the page
// does. Read by measure.mjs as `window.probe`.

(() => {
  /** @type {Record<string, number>} first occurrence of each moment */
  const moments = {};

  /** @type {Record<string, () => void>} who waits for a moment */
  const waiting = {};

  /** @param {string} name */
  const note = (name) => {
    moments[name] ??= performance.now();
    waiting[name]?.();
  };

  /** Resolves when something has happened. @param {string} name */
  const when = (name) => new Promise((resolve) => {
    waiting[name] = () => resolve(moments[name]);
    if (moments[name] !== undefined) resolve(moments[name]);
  });

  /** Moments after a click on Join are counted afresh. */
  const clicked = () => {
    for (const name of Object.keys(moments)) {
      if (name !== "hydrated" && name !== "preview") delete moments[name];
    }
    note("click");
  };

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (/^\s*join\b/i.test(target.closest("button")?.textContent ?? "")) clicked();
  }, true);

  // A frame of a peer connection carries its RTP timestamp, one of a local
  // camera does not.
  /** @param {HTMLVideoElement} video */
  const watch = (video) => {
    video.requestVideoFrameCallback((_now, frame) => {
      note(frame.rtpTimestamp === undefined ? "preview" : "frame");
      if (moments.frame === undefined) watch(video);
    });
  };

  /** @type {WeakSet<Element>} */
  const watched = new WeakSet();
  const look = () => {
    if (document.body?.hasAttribute("data-hydrated")) note("hydrated");
    for (const video of document.querySelectorAll("video")) {
      if (!watched.has(video)) {
        watched.add(video);
        watch(video);
      }
    }
  };
  new MutationObserver(look).observe(document, {
    attributes: true,
    attributeFilter: ["data-hydrated"],
    childList: true,
    subtree: true,
  });

  window.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener("open", () => note("socket"));
      this.addEventListener("message", (event) => {
        const type = /"type":"(\w+)"/.exec(String(event.data))?.[1];
        if (type !== undefined) note(type);
      });
    }
  };

  window.RTCPeerConnection = class extends RTCPeerConnection {
    /** @param {ConstructorParameters<typeof RTCPeerConnection>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener("connectionstatechange", () => note(this.connectionState));
      this.addEventListener("track", ({ track }) => {
        if (track.kind === "video") track.addEventListener("unmute", () => note("unmute"));
      });
    }
  };

  Object.assign(window, { probe: { moments, when } });
})();
