// The bridge as an ES module: in browsers straight from a server or a CDN, in
// Node and in bundlers. The library itself is in meetBridgeApi.js.
import * as library from './meetBridgeApi.js';

/** @type {import('./meetBridgeApi.js')} */
const MeetIframeBridge = library.default ?? globalThis.MeetIframeBridge;

export default MeetIframeBridge;
export const { MeetframeError, version, methods, events } = MeetIframeBridge;
