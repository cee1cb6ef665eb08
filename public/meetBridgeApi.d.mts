import MeetIframeBridge from './meetBridgeApi.js';

export default MeetIframeBridge;
export declare const MeetframeError: typeof MeetIframeBridge.MeetframeError;
export type MeetframeError = MeetIframeBridge.MeetframeError;
export declare const version: string;
export declare const methods: typeof MeetIframeBridge.methods;
export declare const events: typeof MeetIframeBridge.events;
