import MeetIframeBridge from './meetBridgeApi.js';

/** What browsers keep from frames unless the embedding page allows it. */
export declare const ALLOW: string;

/** `<meet-frame>`: a meeting as an element. Attributes: `room-id`, `host`,
 * `kind` (`call` or `webinar`), `token`, `access-token`, `peer-id`,
 * `display-name`, `lang`, `title`, `debug`, and `params` for any others of
 * the address. Each event of the bridge is a `CustomEvent` of that name, and
 * one named `meetframe`, whose detail has all: `{ event, data, n, again, missed }`.
 * An attribute that the running meeting does not take is an event `error`,
 * whose detail is the `MeetframeError`. */
export declare class MeetFrame extends HTMLElement {
  /** The bridge to the meeting, once the element is in a page. */
  readonly bridge: MeetIframeBridge | undefined;
  /** The frame that the meeting runs in. */
  readonly iframe: HTMLIFrameElement | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'meet-frame': MeetFrame;
  }
}
